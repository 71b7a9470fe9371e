#include "publish/ctl_encoder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/thread.h"

struct job_list {
	struct erm_ctl_job *first, *last;
};

struct erm_ctl_encoder {
	struct erm_publisher_env env;
	uint32_t jobs_max;
	int event_fd;
	uint64_t last_number; /* main thread */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job_list todo, done;
	uint32_t n_jobs; /* of everybody: in todo, at work or in done */
	bool is_stopping;
};

static void list_append(struct job_list *list, struct erm_ctl_job *job)
{
	job->next = NULL;
	if (list->last)
		list->last->next = job;
	else
		list->first = job;
	list->last = job;
}

static struct erm_ctl_job *list_take(struct job_list *list)
{
	struct erm_ctl_job *job = list->first;

	if (job) {
		list->first = job->next;
		if (!list->first)
			list->last = NULL;
		job->next = NULL;
	}
	return job;
}

struct erm_ctl_text *erm_ctl_text_new(char *data, size_t len)
{
	struct erm_ctl_text *text;

	if (!data)
		return NULL;
	text = malloc(sizeof(*text));
	if (!text) {
		free(data);
		return NULL;
	}
	*text = (struct erm_ctl_text){ .n_ref = 1, .len = len, .data = data };
	return text;
}

struct erm_ctl_text *erm_ctl_text_unref(struct erm_ctl_text *text)
{
	if (text && --text->n_ref == 0) {
		free(text->data);
		free(text);
	}
	return NULL;
}

struct erm_ctl_job *erm_ctl_job_new_snapshot(uint64_t client, const struct erm_ctl_request *request,
					     struct erm_snapshot *snapshot)
{
	struct erm_ctl_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->client = client;
	job->request = *request;
	job->snapshot = erm_snapshot_ref(snapshot);
	return job;
}

struct erm_ctl_job *erm_ctl_job_new_event(struct erm_event *event)
{
	struct erm_ctl_job *job = calloc(1, sizeof(*job));

	if (job)
		job->event = erm_event_ref(event);
	return job;
}

struct erm_ctl_job *erm_ctl_job_free(struct erm_ctl_job *job)
{
	if (!job)
		return NULL;
	erm_snapshot_unref(job->snapshot);
	erm_event_unref(job->event);
	erm_ctl_text_unref(job->reply);
	free(job);
	return NULL;
}

static char *encode_error(int error, const char *circuit)
{
	if (error == -ENOENT)
		return erm_ctl_error_format(ERM_CTL_NO_SUCH_CIRCUIT, circuit);
	return erm_ctl_error_format(ERM_CTL_FAILED, strerror(-error));
}

static char *encode_snapshot(const struct erm_publisher_env *env, const struct erm_ctl_job *job)
{
	const struct erm_ctl_request *request = &job->request;
	const char *circuit = request->circuit[0] ? request->circuit : NULL;
	_cleanup_free_ char *text = NULL;
	char *reply;
	int r = env->encode(env->userdata, job->snapshot, request->parts, circuit, request->is_xml,
			    &text);

	if (r < 0)
		return encode_error(r, request->circuit);
	reply = request->is_xml ? erm_ctl_xml_format(text) : erm_ctl_data_format(text);
	return reply ? reply : encode_error(-ENOMEM, "");
}

static char *encode_event(const struct erm_publisher_env *env, const struct erm_event *event)
{
	_cleanup_free_ char *text = NULL;

	return env->encode_event(env->userdata, event, &text) < 0 ? NULL
								  : erm_ctl_event_format(text);
}

/* The whole log as one text of several messages.  *ret_len stays 0 for an empty log. */
static char *encode_history(const struct erm_publisher_env *env, const struct erm_event_list *log,
			    size_t *ret_len)
{
	char *all = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&all, &len);
	bool has_failed;

	if (!f)
		return NULL;
	for (uint32_t i = 0; i < log->n; i++) {
		_cleanup_free_ char *text = encode_event(env, log->events[i]);

		if (text)
			(void)fwrite(text, 1, strlen(text) + 1, f);
	}
	has_failed = ferror(f) != 0;
	if (fclose(f) != 0 || has_failed) {
		free(all);
		return NULL;
	}
	*ret_len = len;
	return all;
}

static void work(const struct erm_publisher_env *env, struct erm_ctl_job *job)
{
	size_t len = 0;
	char *text;

	if (job->snapshot && job->request.method == ERM_CTL_SUBSCRIBE) {
		text = encode_history(env, job->snapshot->log, &len);
	} else {
		text = job->snapshot ? encode_snapshot(env, job) : encode_event(env, job->event);
		len = text ? strlen(text) + 1 : 0;
	}
	job->reply = erm_ctl_text_new(text, len);
}

static void *run(void *userdata)
{
	struct erm_ctl_encoder *e = userdata;

	(void)pthread_mutex_lock(&e->lock);
	while (!e->is_stopping) {
		struct erm_ctl_job *job = list_take(&e->todo);

		if (!job) {
			(void)pthread_cond_wait(&e->wake, &e->lock);
			continue;
		}
		(void)pthread_mutex_unlock(&e->lock);
		work(&e->env, job);
		(void)pthread_mutex_lock(&e->lock);
		list_append(&e->done, job);
		(void)eventfd_write(e->event_fd,
				    1); /* cannot fail: the counter is far from its limit */
	}
	(void)pthread_mutex_unlock(&e->lock);
	return NULL;
}

static void destroy(struct erm_ctl_encoder *e)
{
	struct erm_ctl_job *job;

	while ((job = list_take(&e->todo)))
		erm_ctl_job_free(job);
	while ((job = list_take(&e->done)))
		erm_ctl_job_free(job);
	(void)pthread_cond_destroy(&e->wake);
	(void)pthread_mutex_destroy(&e->lock);
	(void)close(e->event_fd);
	free(e);
}

int erm_ctl_encoder_new(const struct erm_publisher_env *env, uint32_t jobs_max,
			struct erm_ctl_encoder **ret)
{
	struct erm_ctl_encoder *e = calloc(1, sizeof(*e));
	int r;

	if (!e)
		return -ENOMEM;
	e->env = *env;
	e->jobs_max = jobs_max;
	e->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (e->event_fd < 0) {
		r = -errno;
		free(e);
		return r;
	}
	(void)pthread_mutex_init(&e->lock, NULL);
	(void)pthread_cond_init(&e->wake, NULL);
	r = erm_thread_start(&e->thread, run, e, 0);
	if (r < 0) {
		destroy(e);
		return r;
	}
	*ret = e;
	return 0;
}

int erm_ctl_encoder_fd(const struct erm_ctl_encoder *encoder)
{
	return encoder->event_fd;
}

int erm_ctl_encoder_submit(struct erm_ctl_encoder *encoder, struct erm_ctl_job *job)
{
	bool is_shared = job->client == 0;
	int r = 0;

	(void)pthread_mutex_lock(&encoder->lock);
	if (is_shared && encoder->n_jobs >= encoder->jobs_max) {
		r = -EBUSY;
	} else {
		encoder->n_jobs += is_shared;
		job->number = ++encoder->last_number;
		list_append(&encoder->todo, job);
		(void)pthread_cond_signal(&encoder->wake);
	}
	(void)pthread_mutex_unlock(&encoder->lock);
	if (r < 0)
		erm_ctl_job_free(job);
	return r;
}

uint64_t erm_ctl_encoder_last_number(const struct erm_ctl_encoder *encoder)
{
	return encoder->last_number;
}

struct erm_ctl_job *erm_ctl_encoder_take(struct erm_ctl_encoder *encoder)
{
	struct erm_ctl_job *job;
	eventfd_t count;

	(void)pthread_mutex_lock(&encoder->lock);
	job = list_take(&encoder->done);
	if (job)
		encoder->n_jobs -= job->client == 0;
	else
		(void)eventfd_read(encoder->event_fd, &count);
	(void)pthread_mutex_unlock(&encoder->lock);
	return job;
}

struct erm_ctl_encoder *erm_ctl_encoder_free(struct erm_ctl_encoder *encoder)
{
	if (!encoder)
		return NULL;
	(void)pthread_mutex_lock(&encoder->lock);
	encoder->is_stopping = true;
	(void)pthread_cond_signal(&encoder->wake);
	(void)pthread_mutex_unlock(&encoder->lock);
	(void)pthread_join(encoder->thread, NULL);
	destroy(encoder);
	return NULL;
}
