/*
 * libcertiflip: how many training labels could be wrong before a prediction changes, and which ones.
 *
 * The manual is docs/c.md. In short:
 *
 * - A function returns CERTIFLIP_OK or another status. The text of an error goes into the certiflip_error that the
 *   caller passes as the last argument, which may be NULL. There is no last error and no setting that one call leaves
 *   for another: every function may be called from any thread, also on the same handle at the same time.
 * - Structures begin with their size: clear them and set size to sizeof, or say CERTIFLIP_NEW(certiflip_run, run).
 *   Zero is the default of every field. A structure that a caller fills in may get more fields at its end: the library
 *   takes the shorter one of a program that was compiled before, as if the new fields were zero.
 * - Matrices are row-major and used in place. No feature is copied on its way in. Test rows are read during the call
 *   alone. Training rows are read for as long as their model lives: keep them, and do not change them, until
 *   certiflip_free and the end of every call that uses the model. A model that was loaded from a file has its own.
 * - Handles are opaque. Every one is freed by certiflip_free. They are looked up and never followed: one that is NULL,
 *   freed, of another kind or made up gives CERTIFLIP_BAD_HANDLE.
 * - Texts are UTF-8 and end with a zero byte. Rows and classes are numbered from 0.
 */
#ifndef CERTIFLIP_H
#define CERTIFLIP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define CERTIFLIP_EMPTY {}
#else
#define CERTIFLIP_EMPTY {0}
#endif

/* The version of this interface. It changes where a program has to be compiled again. */
#define CERTIFLIP_ABI 1

/* A variable of one of the structures below, empty but for its size. */
#define CERTIFLIP_NEW(type, name) type name = CERTIFLIP_EMPTY; name.size = sizeof(type)

/* A radius where nothing that the adversary can do changes the prediction. */
#define CERTIFLIP_ANY INT32_MAX

/* ------------------------------------------------------------------------------------------------------ Statuses */

typedef int32_t certiflip_status;

#define CERTIFLIP_OK 0
#define CERTIFLIP_BAD_ARGUMENT 1   /* An argument cannot be: a null pointer, a wrong size, an unknown option. */
#define CERTIFLIP_BAD_HANDLE 2     /* No handle, or one of another kind, or one that was freed. */
#define CERTIFLIP_BAD_DATA 3       /* Features, labels or noise do not go: NaN, one class, a singular matrix. */
#define CERTIFLIP_BAD_FILE 4       /* A file cannot be read or written, or is no model. */
#define CERTIFLIP_CANCELLED 5      /* The progress function asked to stop. */
#define CERTIFLIP_OUT_OF_MEMORY 6
#define CERTIFLIP_FAULT 7          /* A fault of the library: please report it. */

typedef struct certiflip_error {
    size_t size;
    certiflip_status status;       /* What the function returned. */
    int32_t reserved;
    char message[1024];            /* One line; empty where the status is CERTIFLIP_OK. */
} certiflip_error;

/* ---------------------------------------------------------------------------------------------------------- Input */

#define CERTIFLIP_FLOAT64 0
#define CERTIFLIP_FLOAT32 1

/* Features: one row after another, without gaps. Rows × columns is below 2^31, and every number is finite. */
typedef struct certiflip_matrix {
    size_t size;
    const void *data;              /* rows × columns numbers; may be NULL where there are no rows. */
    int64_t rows;
    int64_t columns;               /* At least 1. */
    int32_t type;                  /* CERTIFLIP_FLOAT64 or CERTIFLIP_FLOAT32. */
    int32_t reserved;
} certiflip_matrix;

/*
 * Labels, in one of three forms. They are copied.
 *   values alone:       whole numbers.
 *   names alone:        count texts, a label each.
 *   values and names:   indices into names, of which there are name_count.
 */
typedef struct certiflip_labels {
    size_t size;
    int64_t count;                 /* n. */
    const int64_t *values;
    const char *const *names;
    int64_t name_count;            /* With values and names; otherwise 0. */
} certiflip_labels;

/* How a model is fitted. */
typedef struct certiflip_fit_options {
    size_t size;
    const char *head;              /* As certiflip train --head has it: "ridge", "saturated-ridge", "knn:7",
                                      "kernel:0.5", ... NULL is "ridge". */
    const char *head_options;      /* "ridge=fixed:3 intercept=no", "gain=7 lift=0.5": names and values with blanks
                                      between; NULL for none. */
    const char *const *classes;    /* The list of classes where it is stated; otherwise it is read off the labels, and
                                      certificates say which radii hold for that list only. */
    int64_t class_count;
    const double *prior;           /* class_count numbers in the order of classes, or NULL. */
    double noise;                  /* With ridge=paper: the noise that lambda is computed for. */
    const double *shares;          /* What part of the training rows each class is expected to have: class_count numbers
                                      in the order of classes, or NULL. For saturated-ridge, two-means, tempered-ridge,
                                      bounded-ridge and hierarchy, and instead of a prior. They must not come from the
                                      labels. */
} certiflip_fit_options;

/* What may have been done to the labels. Without one, anything, at a cost of 1 for each label. */
typedef struct certiflip_adversary {
    size_t size;
    const int64_t *trusted_rows;   /* Training rows whose labels nobody can have changed. */
    int64_t trusted_count;
    const int32_t *directions;     /* Pairs of classes, from and to: the only changes that are possible. */
    int64_t direction_count;       /* Pairs; 0 where every change is possible. */
    const int32_t *costs;          /* What changing each row's label costs, at least 1; NULL for 1 each. */
    int64_t cost_count;            /* n with costs. */
} certiflip_adversary;

/*
 * Is called about twenty times a second, by the thread that called the library and no other, and once at the end.
 * done rises from 0 to 1. Whatever is not 0 stops the work, and the call returns CERTIFLIP_CANCELLED: at once, but for
 * certiflip_fit and certiflip_load, which stop at their end.
 */
typedef int32_t (*certiflip_progress)(void *context, double done);

/* How a call is carried out. NULL is all processors, any adversary, and no progress. Results do not depend on it. */
typedef struct certiflip_run {
    size_t size;
    const certiflip_adversary *adversary;
    certiflip_progress progress;
    void *context;                 /* The first argument of progress. */
    int32_t threads;               /* 0 for as many as there are processors. */
    int32_t reserved;
} certiflip_run;

/* ----------------------------------------------------------------------------------------------------- The library */

/* The version of the library, such as "0.1.0". The text is the library's. */
const char *certiflip_version(void);

/* The CERTIFLIP_ABI that the library was built with. */
int32_t certiflip_abi(void);

/* Frees any handle. NULL, and a handle that was freed before, are left alone. A call that uses it at this time goes on. */
void certiflip_free(void *handle);

/* ---------------------------------------------------------------------------------------------------------- Models */

typedef struct certiflip_model certiflip_model;

/*
 * Fits a head. options and run may be NULL; of run the adversary has no meaning here. Where progress asks to stop, a fit
 * stops at its end, and no model is made.
 */
certiflip_status certiflip_fit(
    const certiflip_matrix *features, const certiflip_labels *labels, const certiflip_fit_options *options,
    const certiflip_run *run, certiflip_model **model, certiflip_error *error);

/*
 * Reads and writes the files of certiflip train. A file appears whole or not at all. It includes the training rows.
 * Saving cannot be stopped, and loading stops at its end.
 */
certiflip_status certiflip_load(const char *path, const certiflip_run *run, certiflip_model **model, certiflip_error *error);
certiflip_status certiflip_save(const certiflip_model *model, const char *path, certiflip_error *error);

typedef struct certiflip_model_info {
    size_t size;
    int64_t rows;                  /* n, training rows. */
    int64_t columns;               /* k, features. */
    int32_t classes;               /* K. */
    int32_t classes_are_stated;    /* 1, or 0 where the list was read off the labels. */
    int32_t is_conditional;        /* 1 where lambda was computed from the labels: radii then hold for it alone. */
    int32_t type;                  /* CERTIFLIP_FLOAT64 or CERTIFLIP_FLOAT32. */
    const void *features;          /* Where the training features are read: the caller's own address after certiflip_fit. */
    double lambda;                 /* NaN where the head has none, as for the others. */
    double gain;
    double offset;                 /* NaN where each row has its own, too. */
    double bandwidth;
    int64_t neighbours;            /* 0 where the head has none. */
    double noise;                  /* The noise that lambda was computed for; NaN where it was not. */
} certiflip_model_info;

certiflip_status certiflip_model_get(const certiflip_model *model, certiflip_model_info *info, certiflip_error *error);

/*
 * A text of a model: the name of a class, the head and its options as certiflip_fit takes them, or the head in words
 * with what fitting it found out. length receives the bytes of the text without
 * the zero at its end; buffer may be NULL to ask for it. A text that does not fit is an error and leaves an empty one.
 */
certiflip_status certiflip_class_name(
    const certiflip_model *model, int32_t class_index, char *buffer, size_t capacity, size_t *length, certiflip_error *error);
certiflip_status certiflip_head_name(
    const certiflip_model *model, char *buffer, size_t capacity, size_t *length, certiflip_error *error);
certiflip_status certiflip_head_options(
    const certiflip_model *model, char *buffer, size_t capacity, size_t *length, certiflip_error *error);
certiflip_status certiflip_describe(
    const certiflip_model *model, char *buffer, size_t capacity, size_t *length, certiflip_error *error);

/* The stated prior in the order of the classes, count = K numbers: NaN each where none was stated. */
certiflip_status certiflip_prior(const certiflip_model *model, double *prior, int64_t count, certiflip_error *error);

/* The stated shares of the classes, by which scores are lifted, in the same way: certificates take them as given. */
certiflip_status certiflip_shares(const certiflip_model *model, double *shares, int64_t count, certiflip_error *error);

/* The class of each of the m test rows, decided without rounding. classes has room for count = m numbers. */
certiflip_status certiflip_predict(
    const certiflip_model *model, const certiflip_matrix *tests, const certiflip_run *run,
    int32_t *classes, int64_t count, certiflip_error *error);

/*
 * By how much the head is for each class. With two classes m numbers: positive where class 1 is predicted, negative
 * where class 0 is. With more, m × K scores, row by row, of which the largest is predicted. They are rounded.
 */
certiflip_status certiflip_decide(
    const certiflip_model *model, const certiflip_matrix *tests, const certiflip_run *run,
    double *decisions, int64_t count, certiflip_error *error);

/* ---------------------------------------------------------------------------------------------------- Certificates */

typedef struct certiflip_certificates certiflip_certificates;

typedef struct certiflip_certify_options {
    size_t size;
    const char *certificates;      /* "kl,tight,structured,exact"; with parts "partition,white-box". NULL is all that
                                      noise or parts allow: without both, "exact". */
    double noise;                  /* q, the probability that smoothing changes a label; 0 for none. */
    int32_t parts;                 /* Above 0: a vote of heads trained on so many disjoint parts of the rows. */
    int32_t reserved;
} certiflip_certify_options;

/*
 * Certifies the predictions of test rows. Without tests (NULL) those of the training rows, each by the head that is
 * fitted without it. options and run may be NULL.
 */
certiflip_status certiflip_certify(
    const certiflip_model *model, const certiflip_matrix *tests, const certiflip_certify_options *options,
    const certiflip_run *run, certiflip_certificates **certificates, certiflip_error *error);

typedef struct certiflip_certificates_info {
    size_t size;
    int64_t rows;                  /* m. */
    int32_t kinds;                 /* How many certificates each row has. */
    int32_t is_conditional;        /* As of the model. */
    const void *features;          /* Where the test features were read: the caller's own address. */
} certiflip_certificates_info;

certiflip_status certiflip_certificates_get(
    const certiflip_certificates *certificates, certiflip_certificates_info *info, certiflip_error *error);

/* The name of a certificate, from 0 to kinds - 1, as certiflip_class_name gives texts. */
certiflip_status certiflip_certificates_kind(
    const certiflip_certificates *certificates, int32_t index, char *buffer, size_t capacity, size_t *length, certiflip_error *error);

#define CERTIFLIP_IS_CERTIFIED 1     /* The prediction is proved. Where it is not, the radius is 0 and claims nothing. */
#define CERTIFLIP_ASSUMES_CLASSES 2  /* The radius holds for this list of classes only, which was read off the labels. */
#define CERTIFLIP_ASSUMES_SHARES 4   /* It is of scores that are lifted by stated shares: certiflip_shares has them. */

/*
 * One certificate of all rows: predictions (classes), radii (a budget, CERTIFLIP_ANY for no limit) and flags, count = m
 * of each. What is not wanted may be NULL.
 */
certiflip_status certiflip_certificates_read(
    const certiflip_certificates *certificates, const char *kind,
    int32_t *predictions, int32_t *radii, uint8_t *flags, int64_t count, certiflip_error *error);

/*
 * The log of the failure probability of the noisy vote, and of the probability that labels that are wrong at random
 * change the prediction: upper bounds, count = m of each; NaN where there is no smoothed vote. Either may be NULL.
 */
certiflip_status certiflip_certificates_log_failure(
    const certiflip_certificates *certificates, double *log_failure, double *log_change, int64_t count, certiflip_error *error);

/* ------------------------------------------------------------------------------------------------------- Witnesses */

typedef struct certiflip_witnesses certiflip_witnesses;

/* A label that is changed. */
typedef struct certiflip_flip {
    int64_t row;                   /* The training row. */
    int32_t from;                  /* The class it is labelled with. */
    int32_t to;                    /* The class it is changed to. */
} certiflip_flip;

/*
 * Finds, for some test rows, the cheapest flips that change the head's prediction: they cost one more than its exact
 * radius. rows are row_count indices of tests; NULL and 0 for all. Without tests (NULL) for training rows, each by the
 * head that is fitted without it.
 */
certiflip_status certiflip_find_witnesses(
    const certiflip_model *model, const certiflip_matrix *tests, const int64_t *rows, int64_t row_count,
    const certiflip_run *run, certiflip_witnesses **witnesses, certiflip_error *error);

typedef struct certiflip_witness {
    size_t size;
    int64_t row;                   /* The row that was asked for. */
    int32_t is_found;              /* 0 where nothing that the adversary can do changes the prediction. */
    int32_t prediction;            /* Before the flips. */
    int32_t rival;                 /* The class that comes past it. */
    int32_t cost;                  /* What the flips cost: their number, unless labels differ in cost. */
    int64_t flips;                 /* How many flips there are. */
} certiflip_witness;

/* The witness of the index-th row that was asked for, and as many of its flips as there is room for. */
certiflip_status certiflip_witnesses_read(
    const certiflip_witnesses *witnesses, int64_t index, certiflip_witness *witness,
    certiflip_flip *flips, int64_t capacity, certiflip_error *error);

/* ----------------------------------------------------------------------------------------------------------- Audit */

typedef struct certiflip_audit certiflip_audit;

typedef struct certiflip_audit_options {
    size_t size;
    const char *second_opinion;    /* A head that has a say in which labels are contradicted. NULL is "knn"; "none". */
    int32_t budget;                /* How many labels somebody can check; 0 for 20. */
    int32_t reserved;
    const int32_t *truth;          /* The true classes of the tests, truth_count = m of them; NULL where not known. */
    int64_t truth_count;
} certiflip_audit_options;

/*
 * Tells which training labels to check first: those that the head contradicts, and those that certified predictions
 * depend on. Without tests (NULL) for the predictions of the training rows, each by the head fitted without it.
 */
certiflip_status certiflip_audit_labels(
    const certiflip_model *model, const certiflip_matrix *tests, const certiflip_audit_options *options,
    const certiflip_run *run, certiflip_audit **audit, certiflip_error *error);

#define CERTIFLIP_CONTRADICTED 0   /* The head that is fitted without the row predicts another class. */
#define CERTIFLIP_RELIED 1         /* Certified predictions depend on the label. */

typedef struct certiflip_suggestion {
    int64_t row;                   /* The training row. */
    int32_t label;                 /* The class it is labelled with. */
    int32_t reason;                /* CERTIFLIP_CONTRADICTED or CERTIFLIP_RELIED. */
    int32_t suggested_class;
    int32_t contradiction_radius;  /* Within this budget, other labels cannot bring label past suggested_class. */
    double lead;                   /* By how much suggested_class is ahead. */
    double witness_count;          /* In how many smallest witnesses the label is. */
    int64_t radius_gain;           /* By how much the sum of radii grows if the label is known to be right. */
    int64_t total_radius;          /* The sum once this label and all before it are. */
} certiflip_suggestion;

typedef struct certiflip_audit_info {
    size_t size;
    int64_t suggestions;
    int64_t audited_rows;
    int64_t counted_rows;
    int64_t total_radius;          /* The sum of the exact radii of the counted rows. */
    int64_t contradicted;
    int64_t clearly_contradicted;
} certiflip_audit_info;

/* What the audit says, and as many suggestions as there is room for. suggestions may be NULL. */
certiflip_status certiflip_audit_read(
    const certiflip_audit *audit, certiflip_audit_info *info, certiflip_suggestion *suggestions, int64_t capacity, certiflip_error *error);

/* ------------------------------------------------------------------------------------------- All test rows together */

typedef struct certiflip_collective certiflip_collective;

typedef struct certiflip_collective_options {
    size_t size;
    const int32_t *budgets;        /* The budgets to answer for, each at least 1. */
    int64_t budget_count;
    const int32_t *truth;          /* The true classes of the tests: then only rows that are right count. */
    int64_t truth_count;
    const int32_t *groups;         /* The group of each test row, -1 for none; needs truth. */
    int64_t group_count;
} certiflip_collective_options;

/* Bounds what one adversary, with one budget, can do to all predictions. options are needed: they name the budgets. */
certiflip_status certiflip_certify_together(
    const certiflip_model *model, const certiflip_matrix *tests, const certiflip_collective_options *options,
    const certiflip_run *run, certiflip_collective **collective, certiflip_error *error);

typedef struct certiflip_collective_info {
    size_t size;
    int64_t rows;                  /* m. */
    int64_t counted;               /* The rows that are right where the truth is known, else all. */
    int64_t budgets;
    int64_t groups;
    int64_t gaps;
} certiflip_collective_info;

certiflip_status certiflip_collective_get(
    const certiflip_collective *collective, certiflip_collective_info *info, certiflip_error *error);

typedef struct certiflip_budget {
    int32_t budget;
    int32_t assumes_classes;       /* 1 where the bound holds for this list of classes only. */
    int64_t alone;                 /* Rows that count whose own radius is below the budget. */
    int64_t at_most;               /* Proved: no flips within the budget change more. */
    int64_t found;                 /* An attack changes so many. */
    int64_t flips;                 /* Flips of that attack. */
} certiflip_budget;

/* Rows, correct rows and budget of a group, and by how much its correct rows can fall and rise: proved, and found. */
typedef struct certiflip_group {
    int32_t group, budget;
    int64_t rows, correct;
    int64_t lost_at_most, lost_found, gained_at_most, gained_found;
} certiflip_group;

/* Accuracy of one group less that of another, and between what it stays: proved, and found by attacks. */
typedef struct certiflip_gap {
    int32_t group, other, budget, reserved;
    double difference, at_least, at_most, found_least, found_most;
} certiflip_gap;

/* Each fills capacity entries at most, as many as certiflip_collective_get says there are. */
certiflip_status certiflip_collective_budgets(
    const certiflip_collective *collective, certiflip_budget *budgets, int64_t capacity, certiflip_error *error);
certiflip_status certiflip_collective_groups(
    const certiflip_collective *collective, certiflip_group *groups, int64_t capacity, certiflip_error *error);
certiflip_status certiflip_collective_gaps(
    const certiflip_collective *collective, certiflip_gap *gaps, int64_t capacity, certiflip_error *error);

/* The flips of the attack at the index-th budget, capacity at most. */
certiflip_status certiflip_collective_attack(
    const certiflip_collective *collective, int64_t index, certiflip_flip *flips, int64_t capacity, certiflip_error *error);

#ifdef __cplusplus
}
#endif

#endif
