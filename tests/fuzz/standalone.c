/*
 * Runs a fuzz target once for each file named (a folder: for each file in it), or
 * for standard input.  Replays the corpora where libFuzzer is not there: in `make
 * check', under gcc, under AFL++.  Prints how many inputs it ran.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX (16U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned int n_run;

static int run_stream(FILE *f, const char *name)
{
	uint8_t *data = malloc(INPUT_MAX);
	size_t size = 0;
	int failed = 0;

	if (!data)
		return 1;
	size = fread(data, 1, INPUT_MAX, f);
	failed = ferror(f);
	if (failed)
		(void)fprintf(stderr, "%s: cannot be read\n", name);
	else {
		(void)LLVMFuzzerTestOneInput(data, size);
		n_run++;
	}
	free(data);
	return failed != 0;
}

static int run_file(const char *path)
{
	FILE *f = fopen(path, "re");
	int failed = 0;

	if (!f) {
		perror(path);
		return 1;
	}
	failed = run_stream(f, path);
	(void)fclose(f);
	return failed;
}

static int run_folder(const char *path)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, NULL, alphasort);
	int failed = n < 0;

	for (int i = 0; i < n; i++) {
		char file[4096];
		int len = snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);

		if (entries[i]->d_name[0] != '.')
			failed |= len < 0 || (size_t)len >= sizeof(file) || run_file(file);
		free(entries[i]);
	}
	free(entries);
	return failed;
}

int main(int argc, char *argv[])
{
	int failed = 0;

	if (argc < 2)
		failed = run_stream(stdin, "standard input");
	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (stat(argv[i], &st) < 0) {
			perror(argv[i]);
			failed = 1;
		} else
			failed |= S_ISDIR(st.st_mode) ? run_folder(argv[i]) : run_file(argv[i]);
	}
	printf("%u inputs\n", n_run);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
