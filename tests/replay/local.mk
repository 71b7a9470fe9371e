# Replay tests: observations in virtual time against the events they must give.
REPLAY_CONFIG = tests/replay/lab_config.c tests/replay/lab_config.h
REPLAY_LAB = tests/replay/lab.c tests/replay/lab.h $(REPLAY_CONFIG)
REPLAY_LIBS = libermcore.a libermbase.a -lm $(CHECK_LIBS)
REPLAY_TESTS = tests/replay/test_replay_scenes
check_PROGRAMS += $(REPLAY_TESTS)
TESTS += $(REPLAY_TESTS)
tests_replay_test_replay_scenes_SOURCES = tests/replay/test_replay_scenes.c $(REPLAY_LAB)
tests_replay_test_replay_scenes_LDADD = $(REPLAY_LIBS)
REPLAY_TESTS += tests/replay/test_replay_groups tests/replay/test_replay_life tests/replay/test_replay_reload
tests_replay_test_replay_groups_SOURCES = tests/replay/test_replay_groups.c $(REPLAY_LAB)
tests_replay_test_replay_groups_LDADD = $(REPLAY_LIBS)
tests_replay_test_replay_life_SOURCES = tests/replay/test_replay_life.c $(REPLAY_LAB)
tests_replay_test_replay_life_LDADD = $(REPLAY_LIBS)
tests_replay_test_replay_reload_SOURCES = tests/replay/test_replay_reload.c $(REPLAY_LAB)
tests_replay_test_replay_reload_LDADD = $(REPLAY_LIBS)
REPLAY_TESTS += tests/replay/test_replay_disputes
tests_replay_test_replay_disputes_SOURCES = tests/replay/test_replay_disputes.c $(REPLAY_LAB)
tests_replay_test_replay_disputes_LDADD = $(REPLAY_LIBS)

REPLAY_TESTS += tests/replay/test_replay_shelves
tests_replay_test_replay_shelves_SOURCES = tests/replay/test_replay_shelves.c $(REPLAY_LAB)
tests_replay_test_replay_shelves_LDADD = $(REPLAY_LIBS)
REPLAY_TESTS += tests/replay/test_replay_covers
tests_replay_test_replay_covers_SOURCES = tests/replay/test_replay_covers.c $(REPLAY_LAB)
tests_replay_test_replay_covers_LDADD = $(REPLAY_LIBS)

REPLAY_TESTS += tests/replay/test_replay_sources
tests_replay_test_replay_sources_SOURCES = tests/replay/test_replay_sources.c $(REPLAY_LAB)
tests_replay_test_replay_sources_LDADD = $(REPLAY_LIBS)
REPLAY_TESTS += tests/replay/test_replay_layers
tests_replay_test_replay_layers_SOURCES = tests/replay/test_replay_layers.c $(REPLAY_LAB)
tests_replay_test_replay_layers_LDADD = $(REPLAY_LIBS)
REPLAY_TESTS += tests/replay/test_replay_optics
tests_replay_test_replay_optics_SOURCES = tests/replay/test_replay_optics.c $(REPLAY_LAB)
tests_replay_test_replay_optics_LDADD = $(REPLAY_LIBS)
