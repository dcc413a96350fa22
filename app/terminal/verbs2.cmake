# Data, workload, runbook and bench verbs: their sources, and the libraries they stand on.
set(TRIBUTARY_VERBS2_SOURCES
  acklog.cpp acklogverify.cpp benchlatency.cpp benchload.cpp benchprocess.cpp benchrows.cpp benchruns.cpp
  benchverbs.cpp benchworld.cpp csv.cpp dataverbs.cpp dataverbsdiff.cpp displaytext.cpp loadverb.cpp
  loadverbrows.cpp putpipeline.cpp reportverb.cpp runbookverbs.cpp runbookverbslibrary.cpp runbookverbsrun.cpp
  runview.cpp runviewapprover.cpp runviewlive.cpp runviewmodel.cpp stopsignals.cpp workloadverbs.cpp
  workloadverbsrun.cpp)
set(TRIBUTARY_VERBS2_DEPS app_daemon app_adapters core_telemetry core_workspace engine_real runbooks_dialects
  runbooks_library runbooks_runner CLI11::CLI11)
