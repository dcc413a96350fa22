# Reads ctest's LastTest.log and prints "PASSED FAILED", summed over every executable that ran.
# A Qt Test executable counts by its Totals lines; a class that started and never reached its Totals line (a crash, a
# timeout) is one failure; so is a test that ctest calls failed although its lines name no failure. Any other test is one.
/^[0-9]+\/[0-9]+ Testing: / { running = 1; started = 0; finished = 0; bad = 0; good = 0; verdict = "" }
!running { next }
/^\*+ Start testing of / { started++ }
/^Totals: [0-9]+ passed, [0-9]+ failed/ { finished++; good += $2; bad += $4 }
/^Test Passed\.$/ { verdict = "passed" }
/^(Test Failed\.|Test Timeout|Test time out|Unable to find executable|Test not run)/ { verdict = "failed" }
/^"[^"]+" time elapsed: / { closeTest() }
END { if (running) closeTest(); printf "%d %d\n", passed, failed }

function closeTest() {
  if (started > finished) bad += started - finished
  if (started == 0 && verdict == "passed") good++
  if (verdict != "passed" && bad == 0) bad++
  passed += good
  failed += bad
  running = 0
}
