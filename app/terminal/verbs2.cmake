# Data, workload, runbook and bench verbs: their sources, and the libraries they stand on.
set(TRIBUTARY_VERBS2_SOURCES)
set(TRIBUTARY_VERBS2_DEPS)
