/* main() of a unit test program: runs one suite and tells its result. */
#ifndef ERM_TESTS_CHECK_MAIN_H
#define ERM_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

/* suite_function: Suite *(*)(void).  The run is printed at CK_NORMAL: `make test' sums its last line. */
#define ERM_CHECK_MAIN(suite_function)                              \
	int main(void)                                              \
	{                                                           \
		SRunner *runner = srunner_create(suite_function()); \
		int n_failed = 0;                                   \
                                                                    \
		srunner_run_all(runner, CK_NORMAL);                 \
		n_failed = srunner_ntests_failed(runner);           \
		srunner_free(runner);                               \
		return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE; \
	}

#endif
