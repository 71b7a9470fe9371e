# bench

# `make bench' (root): ermond beside FRR, keepalived and snmpd, in one run; one table with ratios.
EXTRA_DIST += \
	bench/README.md \
	bench/agents.py \
	bench/bench.py \
	bench/lab.py \
	bench/netconf.py \
	bench/run \
	bench/snmp.py
bench: all
	$(srcdir)/bench/run $(builddir)
.PHONY: bench

# What the core costs by itself: bench/bench_model [change|storm|memory]
noinst_PROGRAMS += bench/bench_model
bench_bench_model_SOURCES = bench/bench_model.c tests/replay/lab_config.c tests/replay/lab_config.h
bench_bench_model_LDADD = libermcore.a libermbase.a -lm
