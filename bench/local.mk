# bench

# `make bench' (root): ermond beside FRR, keepalived and snmpd, in one run; one table with ratios.
EXTRA_DIST += \
	bench/agents.py \
	bench/bench.py \
	bench/lab.py \
	bench/run \
	bench/snmp.py
bench: all
	$(srcdir)/bench/run $(builddir)
.PHONY: bench
