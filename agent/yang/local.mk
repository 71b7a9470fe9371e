noinst_LIBRARIES += libermyang.a
libermyang_a_CFLAGS = $(AM_CFLAGS) $(LIBYANG_CFLAGS)
libermyang_a_SOURCES = \
	agent/yang/check.c \
	agent/yang/check.h \
	agent/yang/conf_file.c \
	agent/yang/conf_file.h \
	agent/yang/ctx.c \
	agent/yang/ctx.h \
	agent/yang/decode.c \
	agent/yang/decode.h \
	agent/yang/decode_circuit.c \
	agent/yang/decode_group.c \
	agent/yang/decode_session.c \
	agent/yang/decoder.h \
	agent/yang/encode.c \
	agent/yang/encode.h \
	agent/yang/encode_circuit.c \
	agent/yang/encode_group.c \
	agent/yang/encoder.h \
	agent/yang/index.c \
	agent/yang/index.h \
	agent/yang/json.c \
	agent/yang/json.h \
	agent/yang/nearest.c \
	agent/yang/nearest.h \
	agent/yang/print.c \
	agent/yang/print.h \
	agent/yang/report.c \
	agent/yang/report.h \
	agent/yang/schema.c \
	agent/yang/schema.h \
	agent/yang/section.c \
	agent/yang/section.h \
	agent/yang/tree.c \
	agent/yang/tree.h
