noinst_LIBRARIES += libermcore.a
libermcore_a_CFLAGS = $(AM_CFLAGS) $(CONVERSION_CFLAGS)
libermcore_a_SOURCES = \
	agent/core/alarm.c \
	agent/core/alarm.h \
	agent/core/config.c \
	agent/core/config.h \
	agent/core/event.c \
	agent/core/event.h \
	agent/core/flap.c \
	agent/core/flap.h \
	agent/core/model.c \
	agent/core/model.h \
	agent/core/model_alarms.c \
	agent/core/model_claims.c \
	agent/core/model_events.c \
	agent/core/model_flaps.c \
	agent/core/model_judge.c \
	agent/core/model_migrate.c \
	agent/core/model_persist.c \
	agent/core/model_rollup.c \
	agent/core/model_rows.c \
	agent/core/model_shelves.c \
	agent/core/model_snapshot.c \
	agent/core/model_state.h \
	agent/core/model_tables.c \
	agent/core/obs.h \
	agent/core/optics.c \
	agent/core/optics.h \
	agent/core/persist.c \
	agent/core/persist.h \
	agent/core/resolve.c \
	agent/core/resolve.h \
	agent/core/resource.c \
	agent/core/resource.h \
	agent/core/session.c \
	agent/core/session.h \
	agent/core/shelf.c \
	agent/core/shelf.h \
	agent/core/snapshot.c \
	agent/core/snapshot.h \
	agent/core/text.c \
	agent/core/text.h \
	agent/core/types.c \
	agent/core/types.h \
	agent/core/verdict.c \
	agent/core/verdict.h
