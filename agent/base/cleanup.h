/* Scope-bound release of locals, by the compiler's cleanup attribute. */
#ifndef ERM_BASE_CLEANUP_H
#define ERM_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ERM_CLEANUP(func) __attribute__((cleanup(func)))

/* Defines func##p(type **), which calls func on a pointer that is not NULL. */
#define ERM_DEFINE_CLEANUP(type, func)                  \
	static inline void func##p(__typeof__(type) *p) \
	{                                               \
		if (*p)                                 \
			func(*p);                       \
	}

static inline void erm_freep(void *p)
{
	free(*(void **)p);
}

static inline void erm_closep(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void erm_fclosep(FILE **f)
{
	if (*f)
		(void)fclose(*f);
}

#define _cleanup_free_   ERM_CLEANUP(erm_freep)
#define _cleanup_close_  ERM_CLEANUP(erm_closep)
#define _cleanup_fclose_ ERM_CLEANUP(erm_fclosep)

/* Hands over the value of a cleanup variable: yields it and leaves NULL behind. */
#define ERM_TAKE_PTR(p)                     \
	({                                  \
		__typeof__(p) _taken = (p); \
		(p) = NULL;                 \
		_taken;                     \
	})

#define ERM_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

#endif
