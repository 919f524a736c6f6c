/*
 * Every function of certiflip.h, as a program in C99 and in C++ calls it: what it answers, what it refuses, and that
 * two threads can use one handle. It ends with 0 where all is as it must be, and names the line otherwise.
 *
 *   interface FOLDER     writes its model file into FOLDER
 */
#include <certiflip.h>

#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 60
#define COLUMNS 4
#define TESTS 12

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s\n  last error: %s\n", __LINE__, #condition, error.message); \
            exit(1); \
        } \
    } while (0)
#define OK(call) CHECK((call) == CERTIFLIP_OK && error.status == CERTIFLIP_OK && error.message[0] == 0)
#define FAILS(expected, call) CHECK((call) == (expected) && error.status == (expected) && strlen(error.message) > 10)

static certiflip_error error;
static double training[ROWS * COLUMNS], tests[TESTS * COLUMNS];
static float training32[ROWS * COLUMNS], tests32[TESTS * COLUMNS];
static int64_t labels[ROWS];
static int32_t truth[TESTS], groups[TESTS];

static double next_number(void) {
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state / 4294967296.0 - 0.5;
}

static void fill(double *values, float *singles, int rows, int64_t *wide, int32_t *narrow) {
    for (int row = 0; row < rows; row++) {
        int c = row % 3;
        for (int i = 0; i < COLUMNS; i++) {
            singles[row * COLUMNS + i] = (float)(next_number() + (i == c ? 0.6 : 0));
            values[row * COLUMNS + i] = singles[row * COLUMNS + i];
        }
        if (wide) wide[row] = 10 * c + 5;
        if (narrow) narrow[row] = c;
    }
}

static certiflip_matrix matrix_of(const void *data, int64_t rows, int32_t type) {
    CERTIFLIP_NEW(certiflip_matrix, matrix);
    matrix.data = data;
    matrix.rows = rows;
    matrix.columns = COLUMNS;
    matrix.type = type;
    return matrix;
}

static certiflip_model *fit(const char *head) {
    certiflip_matrix features = matrix_of(training, ROWS, CERTIFLIP_FLOAT64);
    CERTIFLIP_NEW(certiflip_labels, given);
    given.count = ROWS;
    given.values = labels;
    CERTIFLIP_NEW(certiflip_fit_options, options);
    options.head = head;
    certiflip_model *model = NULL;
    OK(certiflip_fit(&features, &given, &options, NULL, &model, &error));
    CHECK(model != NULL);
    return model;
}

/* ------------------------------------------------------------------------------------------------ What is answered */

static void the_library(void) {
    CHECK(certiflip_abi() == CERTIFLIP_ABI);
    CHECK(strlen(certiflip_version()) >= 5);
    certiflip_free(NULL);
}

static void models(const char *folder) {
    certiflip_model *model = fit("ridge");
    CERTIFLIP_NEW(certiflip_model_info, info);
    OK(certiflip_model_get(model, &info, &error));
    CHECK(info.rows == ROWS && info.columns == COLUMNS && info.classes == 3 && !info.classes_are_stated && !info.is_conditional);
    CHECK(info.features == training && info.type == CERTIFLIP_FLOAT64); /* In place. */
    CHECK(info.lambda > 0 && isnan(info.gain) && isnan(info.bandwidth) && isnan(info.noise) && info.neighbours == 0);

    char text[64];
    size_t length = 0;
    OK(certiflip_class_name(model, 1, text, sizeof text, &length, &error));
    CHECK(strcmp(text, "15") == 0 && length == 2);
    OK(certiflip_class_name(model, 1, NULL, 0, &length, &error));
    CHECK(length == 2);
    OK(certiflip_class_name(model, 1, text, 3, NULL, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_class_name(model, 1, text, 2, &length, &error));
    CHECK(text[0] == 0 && length == 2);
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_class_name(model, 3, text, sizeof text, NULL, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_class_name(model, -1, text, sizeof text, NULL, &error));
    double prior[4];
    OK(certiflip_prior(model, prior, 3, &error));
    CHECK(isnan(prior[0]) && isnan(prior[1]) && isnan(prior[2]));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_prior(model, prior, 2, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_prior(model, NULL, 3, &error));
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_prior(NULL, prior, 3, &error));
    OK(certiflip_head_name(model, text, sizeof text, NULL, &error));
    CHECK(strcmp(text, "ridge") == 0);
    OK(certiflip_describe(model, text, sizeof text, NULL, &error));
    CHECK(strncmp(text, "ridge relative:1", 16) == 0);

    certiflip_matrix doubles = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64), singles = matrix_of(tests32, TESTS, CERTIFLIP_FLOAT32);
    int32_t classes[TESTS], same[TESTS];
    double decisions[TESTS * 3];
    OK(certiflip_predict(model, &doubles, NULL, classes, TESTS, &error));
    OK(certiflip_predict(model, &singles, NULL, same, TESTS, &error));
    CHECK(memcmp(classes, same, sizeof classes) == 0);
    OK(certiflip_decide(model, &doubles, NULL, decisions, TESTS * 3, &error));
    for (int row = 0; row < TESTS; row++)
        for (int c = 0; c < 3; c++)
            CHECK(decisions[3 * row + classes[row]] >= decisions[3 * row + c]);

    char path[512];
    snprintf(path, sizeof path, "%s/interface.model", folder);
    OK(certiflip_save(model, path, &error));
    certiflip_free(model);
    OK(certiflip_load(path, NULL, &model, &error));
    OK(certiflip_model_get(model, &info, &error));
    CHECK(info.features != training && info.rows == ROWS);
    OK(certiflip_predict(model, &doubles, NULL, same, TESTS, &error));
    CHECK(memcmp(classes, same, sizeof classes) == 0);
    FAILS(CERTIFLIP_BAD_FILE, certiflip_save(model, "/no/such/folder/model", &error));
    certiflip_free(model);
    FAILS(CERTIFLIP_BAD_FILE, certiflip_load("/no/such/file", NULL, &model, &error));
    CHECK(model == NULL);
    FILE *file = fopen(path, "r+b");
    CHECK(file != NULL && fseek(file, 100, SEEK_SET) == 0 && fputc(255, file) == 255 && fclose(file) == 0);
    FAILS(CERTIFLIP_BAD_FILE, certiflip_load(path, NULL, &model, &error));
}

static void heads_and_labels(void) {
    certiflip_matrix features = matrix_of(training32, ROWS, CERTIFLIP_FLOAT32);
    const char *names[] = {"a", "b", "c"}, *stated[] = {"c", "b", "a", "d"}, *each[ROWS];
    int64_t codes[ROWS];
    for (int row = 0; row < ROWS; row++) {
        codes[row] = row % 3;
        each[row] = names[row % 3];
    }
    const double prior[] = {0.4, 0.3, 0.2, 0.1};
    const char *heads[][2] = {
        {"ridge", "ridge=fixed:3 intercept=no"}, {"saturated-ridge", "gain=7  offset=auto"}, {"saturated-ridge", "offset=0.5"},
        {"knn:7", NULL}, {"kernel", ""}, {"kernel:0.5", NULL}, {"ridge", "ridge=paper"}};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        CERTIFLIP_NEW(certiflip_fit_options, options);
        options.head = heads[i][0];
        options.head_options = heads[i][1];
        options.classes = stated;
        options.class_count = 4;
        options.prior = i == 3 ? prior : NULL;
        options.noise = i == 6 ? 0.1 : 0;
        CERTIFLIP_NEW(certiflip_labels, given);
        given.count = ROWS;
        given.values = i % 2 ? codes : NULL;
        given.names = i % 2 ? names : each;
        given.name_count = i % 2 ? 3 : 0;
        certiflip_model *model = NULL;
        OK(certiflip_fit(&features, &given, &options, NULL, &model, &error));
        CERTIFLIP_NEW(certiflip_model_info, info);
        OK(certiflip_model_get(model, &info, &error));
        CHECK(info.classes == 4 && info.classes_are_stated && info.features == training32 && info.type == CERTIFLIP_FLOAT32);
        CHECK(i != 1 || info.gain == 7);
        CHECK(i != 2 || info.offset == 0.5);
        CHECK(i != 3 || info.neighbours == 7);
        CHECK(i != 5 || info.bandwidth == 0.5);
        CHECK(info.is_conditional == (i == 6));
        double priors[4];
        OK(certiflip_prior(model, priors, 4, &error));
        CHECK(i == 3 ? priors[0] == 0.2 && priors[1] == 0.3 && priors[2] == 0.4 && priors[3] == 0.1 : isnan(priors[0]) && isnan(priors[3]));
        char text[8];
        OK(certiflip_class_name(model, 3, text, sizeof text, NULL, &error));
        CHECK(strcmp(text, "d") == 0);
        char options_text[64];
        const char *expected[] = {"ridge=fixed:3 intercept=no", "ridge=relative:1 gain=7", "ridge=relative:1 gain=5 offset=0.5", "", "", "",
                                  "ridge=paper intercept=yes"};
        OK(certiflip_head_options(model, options_text, sizeof options_text, NULL, &error));
        CHECK(strcmp(options_text, expected[i]) == 0);
        certiflip_free(model);

        given.count--;
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    }

    CERTIFLIP_NEW(certiflip_labels, given);
    given.count = ROWS;
    given.values = codes;
    CERTIFLIP_NEW(certiflip_fit_options, options);
    certiflip_model *model = NULL;
    OK(certiflip_fit(&features, &given, NULL, NULL, &model, &error));
    certiflip_free(model);
    const char *wrong[][2] = {{"lasso", NULL}, {"ridge", "gain=3"}, {"ridge", "ridge"}, {"ridge", "ridge=-1"}, {"knn:0", NULL}, {"\xff", NULL},
                              {"ridge", "ridge=paper"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        options.head = wrong[i][0];
        options.head_options = wrong[i][1];
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
        CHECK(model == NULL);
    }
    options.head = "knn:61";
    options.head_options = NULL;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.head = NULL;
    options.noise = 0.1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.noise = 0;
    options.prior = prior;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.prior = NULL;
    options.classes = names;
    options.class_count = 3;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_fit(&features, &given, &options, NULL, &model, &error)); /* 0 is none of a, b, c. */
    given.names = names;
    given.name_count = 2;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error)); /* An index of 3 names. */
    given.name_count = -1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    given.names = NULL;
    given.name_count = 0;
    options.classes = NULL;
    options.class_count = 0;
    memset(codes, 0, sizeof codes);
    FAILS(CERTIFLIP_BAD_DATA, certiflip_fit(&features, &given, &options, NULL, &model, &error)); /* One class. */
}

/* Shares of the classes: stated in any order, kept by files, and refused where nothing is lifted by them. */
static void class_shares(const char *folder) {
    certiflip_matrix features = matrix_of(training, ROWS, CERTIFLIP_FLOAT64), rows = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    const char *stated[] = {"25", "5", "15", "99"};
    const double shares[] = {0.1, 0.7, 0.2, 0}, even[] = {0.25, 0.25, 0.25, 0.25}, wrong[] = {0.1, 0.7, 0.1, 0}, below[] = {-0.1, 0.9, 0.2, 0};
    CERTIFLIP_NEW(certiflip_labels, given);
    given.count = ROWS;
    given.values = labels;
    CERTIFLIP_NEW(certiflip_fit_options, options);
    const char *heads[] = {"saturated-ridge", "two-means", "bounded-ridge:1"};
    certiflip_model *model = NULL, *plain = NULL, *same = NULL;
    int moved = 0;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        options.head = heads[i];
        options.classes = stated;
        options.class_count = 4;
        options.shares = shares;
        OK(certiflip_fit(&features, &given, &options, NULL, &model, &error));
        double found[4], priors[4];
        OK(certiflip_shares(model, found, 4, &error));
        CHECK(found[0] == 0.7 && found[1] == 0.2 && found[2] == 0.1 && found[3] == 0); /* 5, 15, 25, 99. */
        OK(certiflip_prior(model, priors, 4, &error));
        CHECK(isnan(priors[0]) && isnan(priors[3]));
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_shares(model, found, 3, &error));
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_shares(model, NULL, 4, &error));
        FAILS(CERTIFLIP_BAD_HANDLE, certiflip_shares(NULL, found, 4, &error));

        /* A program that was compiled before there were shares passes less, and whatever stands behind it is not read. */
        options.size = offsetof(certiflip_fit_options, shares);
        OK(certiflip_fit(&features, &given, &options, NULL, &plain, &error));
        OK(certiflip_shares(plain, found, 4, &error));
        CHECK(isnan(found[0]) && isnan(found[3]));
        options.size = offsetof(certiflip_fit_options, noise);
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &same, &error));
        options.size = sizeof options + 8;
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &same, &error));
        options.size = sizeof options;

        char path[512];
        snprintf(path, sizeof path, "%s/shares.model", folder);
        OK(certiflip_save(model, path, &error));
        OK(certiflip_load(path, NULL, &same, &error));
        OK(certiflip_shares(same, found, 4, &error));
        CHECK(found[0] == 0.7 && found[3] == 0);
        int32_t with[TESTS], without[TESTS], again[TESTS], certified[TESTS], radii[TESTS];
        double decisions[TESTS * 4], loaded[TESTS * 4];
        uint8_t flags[TESTS];
        OK(certiflip_predict(model, &rows, NULL, with, TESTS, &error));
        OK(certiflip_predict(plain, &rows, NULL, without, TESTS, &error));
        OK(certiflip_predict(same, &rows, NULL, again, TESTS, &error));
        CHECK(memcmp(with, again, sizeof with) == 0);
        OK(certiflip_decide(model, &rows, NULL, decisions, TESTS * 4, &error));
        OK(certiflip_decide(same, &rows, NULL, loaded, TESTS * 4, &error));
        CHECK(memcmp(decisions, loaded, sizeof decisions) == 0);
        for (int row = 0; row < TESTS; row++) {
            for (int c = 0; c < 4; c++)
                CHECK(decisions[4 * row + with[row]] >= decisions[4 * row + c]);
            moved += with[row] != without[row];
        }

        certiflip_certificates *proofs = NULL;
        CERTIFLIP_NEW(certiflip_certify_options, asked);
        for (int parts = 0; parts < 3; parts += 2) {
            asked.parts = parts;
            OK(certiflip_certify(model, &rows, &asked, NULL, &proofs, &error));
            OK(certiflip_certificates_read(proofs, parts ? "white-box" : "exact", certified, radii, flags, TESTS, &error));
            CHECK(parts || memcmp(with, certified, sizeof with) == 0);
            for (int row = 0; row < TESTS; row++)
                CHECK(flags[row] == (CERTIFLIP_ASSUMES_SHARES | CERTIFLIP_IS_CERTIFIED));
            certiflip_free(proofs);
        }
        OK(certiflip_certify(plain, NULL, NULL, NULL, &proofs, &error));
        uint8_t of_training[ROWS];
        OK(certiflip_certificates_read(proofs, "exact", NULL, NULL, of_training, ROWS, &error));
        for (int row = 0; row < ROWS; row++)
            CHECK(!(of_training[row] & CERTIFLIP_ASSUMES_SHARES));
        certiflip_free(proofs);
        certiflip_free(model);
        certiflip_free(plain);
        certiflip_free(same);
        same = NULL;
    }
    CHECK(moved > 0);

    options.shares = wrong;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.shares = below;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.shares = shares;
    options.prior = even;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.prior = NULL;
    options.head = "ridge";
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    options.head = "two-means";
    options.classes = NULL;
    options.class_count = 0;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, &given, &options, NULL, &model, &error));
    CHECK(model == NULL);
}

static void certificates(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests32, TESTS, CERTIFLIP_FLOAT32);
    CERTIFLIP_NEW(certiflip_certify_options, options);
    options.noise = 0.1;
    certiflip_certificates *rows = NULL, *same = NULL;
    OK(certiflip_certify(model, &features, &options, NULL, &rows, &error));
    CERTIFLIP_NEW(certiflip_certificates_info, info);
    OK(certiflip_certificates_get(rows, &info, &error));
    CHECK(info.rows == TESTS && info.kinds == 4 && !info.is_conditional && info.features == tests32);
    const char *kinds[] = {"kl", "tight", "structured", "exact"};
    int32_t predictions[TESTS], radii[4][TESTS], again[TESTS];
    uint8_t flags[TESTS];
    double failure[TESTS], change[TESTS];
    for (int kind = 0; kind < 4; kind++) {
        char text[16];
        OK(certiflip_certificates_kind(rows, kind, text, sizeof text, NULL, &error));
        CHECK(strcmp(text, kinds[kind]) == 0);
        OK(certiflip_certificates_read(rows, text, predictions, radii[kind], flags, TESTS, &error));
        OK(certiflip_certificates_read(rows, text, NULL, NULL, NULL, TESTS, &error));
    }
    OK(certiflip_certificates_log_failure(rows, failure, change, TESTS, &error));
    OK(certiflip_certificates_log_failure(rows, NULL, NULL, TESTS, &error));
    for (int row = 0; row < TESTS; row++) {
        CHECK(radii[0][row] <= radii[1][row] && radii[1][row] <= radii[2][row]);
        CHECK(flags[row] & CERTIFLIP_IS_CERTIFIED);
        CHECK(failure[row] < 0 && change[row] >= failure[row]);
    }

    /* The same for one row, one thread, one certificate. */
    features = matrix_of(tests32 + COLUMNS, 1, CERTIFLIP_FLOAT32);
    options.certificates = "exact";
    options.noise = 0;
    CERTIFLIP_NEW(certiflip_run, run);
    run.threads = 1;
    OK(certiflip_certify(model, &features, &options, &run, &same, &error));
    OK(certiflip_certificates_read(same, "exact", again, NULL, NULL, 1, &error));
    CHECK(again[0] == predictions[1]);
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certificates_read(same, "kl", again, NULL, NULL, 1, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certificates_read(same, "best", again, NULL, NULL, 1, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certificates_read(same, NULL, again, NULL, NULL, 1, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certificates_read(same, "exact", again, NULL, NULL, 2, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certificates_log_failure(same, failure, NULL, 0, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certificates_kind(same, 1, NULL, 0, NULL, &error));
    certiflip_free(same);

    /* No rows; training rows, each left out; a vote of parts. */
    features = matrix_of(NULL, 0, CERTIFLIP_FLOAT64);
    OK(certiflip_certify(model, &features, NULL, NULL, &same, &error));
    OK(certiflip_certificates_get(same, &info, &error));
    CHECK(info.rows == 0 && info.kinds == 1);
    OK(certiflip_certificates_read(same, "exact", again, again, NULL, 0, &error));
    certiflip_free(same);
    OK(certiflip_certify(model, NULL, NULL, NULL, &same, &error));
    OK(certiflip_certificates_get(same, &info, &error));
    CHECK(info.rows == ROWS && info.features == training);
    certiflip_free(same);
    features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    options.certificates = NULL;
    options.parts = 5;
    OK(certiflip_certify(model, &features, &options, NULL, &same, &error));
    OK(certiflip_certificates_read(same, "white-box", again, NULL, NULL, TESTS, &error));
    certiflip_free(same);
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, NULL, &options, NULL, &same, &error));
    options.noise = 0.1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, &options, NULL, &same, &error));
    options.noise = 0;
    options.parts = -1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, &options, NULL, &same, &error));

    /* What goes together with what. */
    const char *refused[] = {"exact,best", "", "kl", "partition", "exact,,kl"};
    options.parts = 0;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        options.certificates = refused[i];
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, &options, NULL, &same, &error));
        CHECK(same == NULL);
    }
    options.certificates = "exact";
    options.noise = 0.1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, &options, NULL, &same, &error));
    options.certificates = "kl";
    options.noise = 0.9;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_certify(model, &features, &options, NULL, &same, &error));
    options.noise = NAN;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_certify(model, &features, &options, NULL, &same, &error));
    certiflip_free(rows);
}

static void adversaries(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    int64_t trusted[ROWS];
    int32_t costs[ROWS], directions[] = {0, 1};
    for (int row = 0; row < ROWS; row++) {
        trusted[row] = row;
        costs[row] = 3;
    }
    int32_t plain[TESTS], limited[TESTS];
    CERTIFLIP_NEW(certiflip_adversary, adversary);
    CERTIFLIP_NEW(certiflip_run, run);
    run.adversary = &adversary;
    certiflip_certificates *rows = NULL;
    OK(certiflip_certify(model, &features, NULL, &run, &rows, &error));
    OK(certiflip_certificates_read(rows, "exact", NULL, plain, NULL, TESTS, &error));
    certiflip_free(rows);
    adversary.costs = costs;
    adversary.cost_count = ROWS;
    OK(certiflip_certify(model, &features, NULL, &run, &rows, &error));
    OK(certiflip_certificates_read(rows, "exact", NULL, limited, NULL, TESTS, &error));
    certiflip_free(rows);
    for (int row = 0; row < TESTS; row++)
        CHECK(limited[row] == 3 * (plain[row] + 1) - 1);
    adversary.cost_count = 0;
    adversary.trusted_rows = trusted;
    adversary.trusted_count = ROWS;
    OK(certiflip_certify(model, &features, NULL, &run, &rows, &error));
    OK(certiflip_certificates_read(rows, "exact", NULL, limited, NULL, TESTS, &error));
    certiflip_free(rows);
    CHECK(limited[0] == CERTIFLIP_ANY);
    adversary.trusted_count = 0;
    adversary.directions = directions;
    adversary.direction_count = 1;
    OK(certiflip_certify(model, &features, NULL, &run, &rows, &error));
    OK(certiflip_certificates_read(rows, "exact", NULL, limited, NULL, TESTS, &error));
    certiflip_free(rows);
    for (int row = 0; row < TESTS; row++)
        CHECK(limited[row] >= plain[row]);
    directions[1] = 0;
    CHECK(certiflip_certify(model, &features, NULL, &run, &rows, &error) != CERTIFLIP_OK && rows == NULL);
    directions[1] = 77;
    CHECK(certiflip_certify(model, &features, NULL, &run, &rows, &error) != CERTIFLIP_OK);
    adversary.direction_count = INT64_MAX;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, NULL, &run, &rows, &error));
    adversary.direction_count = 0;
    trusted[0] = -1;
    adversary.trusted_count = 1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, NULL, &run, &rows, &error));
    trusted[0] = ROWS;
    CHECK(certiflip_certify(model, &features, NULL, &run, &rows, &error) != CERTIFLIP_OK);
    adversary.trusted_rows = NULL;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, NULL, &run, &rows, &error));
    adversary.trusted_count = 0;
    adversary.cost_count = ROWS - 1;
    CHECK(certiflip_certify(model, &features, NULL, &run, &rows, &error) != CERTIFLIP_OK);
    costs[3] = 0;
    CHECK(certiflip_certify(model, &features, NULL, &run, &rows, &error) != CERTIFLIP_OK);
}

static void witnesses(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    certiflip_certificates *rows = NULL;
    int32_t radii[TESTS];
    OK(certiflip_certify(model, &features, NULL, NULL, &rows, &error));
    OK(certiflip_certificates_read(rows, "exact", NULL, radii, NULL, TESTS, &error));
    certiflip_free(rows);

    certiflip_witnesses *found = NULL;
    const int64_t wanted[] = {3, 0};
    OK(certiflip_find_witnesses(model, &features, wanted, 2, NULL, &found, &error));
    CERTIFLIP_NEW(certiflip_witness, witness);
    certiflip_flip flips[ROWS];
    OK(certiflip_witnesses_read(found, 0, &witness, flips, ROWS, &error));
    CHECK(witness.is_found && witness.row == 3 && witness.cost == radii[3] + 1 && witness.flips == witness.cost);
    for (int i = 0; i < witness.flips; i++)
        CHECK(labels[flips[i].row] == 10 * flips[i].from + 5 && flips[i].from != flips[i].to);
    OK(certiflip_witnesses_read(found, 1, &witness, NULL, 0, &error));
    CHECK(witness.row == 0);
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_witnesses_read(found, 2, &witness, NULL, 0, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_witnesses_read(found, 0, NULL, NULL, 0, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_witnesses_read(found, 0, &witness, NULL, 1, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_witnesses_read(found, 0, &witness, flips, -1, &error));
    certiflip_free(found);
    OK(certiflip_find_witnesses(model, &features, NULL, 0, NULL, &found, &error));
    OK(certiflip_witnesses_read(found, TESTS - 1, &witness, NULL, 0, &error));
    certiflip_free(found);
    OK(certiflip_find_witnesses(model, NULL, wanted, 1, NULL, &found, &error));
    OK(certiflip_witnesses_read(found, 0, &witness, NULL, 0, &error));
    certiflip_free(found);
    const int64_t none[] = {TESTS};
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_find_witnesses(model, &features, none, 1, NULL, &found, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_find_witnesses(model, &features, NULL, 1, NULL, &found, &error));
}

static void audits(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    certiflip_audit *audit = NULL;
    OK(certiflip_audit_labels(model, NULL, NULL, NULL, &audit, &error));
    CERTIFLIP_NEW(certiflip_audit_info, info);
    certiflip_suggestion suggestions[20];
    OK(certiflip_audit_read(audit, &info, suggestions, 20, &error));
    CHECK(info.suggestions > 0 && info.suggestions <= 20 && info.audited_rows == ROWS && info.counted_rows == ROWS);
    for (int i = 0; i < info.suggestions; i++) {
        CHECK(labels[suggestions[i].row] == 10 * suggestions[i].label + 5);
        CHECK(suggestions[i].reason == CERTIFLIP_RELIED || suggestions[i].suggested_class != suggestions[i].label);
    }
    OK(certiflip_audit_read(audit, &info, NULL, 0, &error));
    certiflip_free(audit);

    CERTIFLIP_NEW(certiflip_audit_options, options);
    options.budget = 3;
    options.second_opinion = "none";
    options.truth = truth;
    options.truth_count = TESTS;
    OK(certiflip_audit_labels(model, &features, &options, NULL, &audit, &error));
    OK(certiflip_audit_read(audit, &info, suggestions, 1, &error));
    CHECK(info.suggestions <= 3 && info.audited_rows == TESTS && info.counted_rows <= TESTS);
    certiflip_free(audit);
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_audit_labels(model, NULL, &options, NULL, &audit, &error));
    options.second_opinion = "doctor";
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_audit_labels(model, &features, &options, NULL, &audit, &error));
    options.second_opinion = NULL;
    options.budget = -1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_audit_labels(model, &features, &options, NULL, &audit, &error));
    options.budget = 0;
    options.truth_count--;
    CHECK(certiflip_audit_labels(model, &features, &options, NULL, &audit, &error) != CERTIFLIP_OK);
}

static void all_rows_together(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    const int32_t budgets[] = {5, 1, 2};
    CERTIFLIP_NEW(certiflip_collective_options, options);
    options.budgets = budgets;
    options.budget_count = 3;
    options.truth = truth;
    options.truth_count = TESTS;
    options.groups = groups;
    options.group_count = TESTS;
    certiflip_collective *together = NULL;
    OK(certiflip_certify_together(model, &features, &options, NULL, &together, &error));
    CERTIFLIP_NEW(certiflip_collective_info, info);
    OK(certiflip_collective_get(together, &info, &error));
    CHECK(info.rows == TESTS && info.budgets == 3 && info.groups == 6 && info.gaps == 3);
    certiflip_budget budget[3];
    certiflip_group group[6];
    certiflip_gap gap[3];
    certiflip_flip flips[ROWS];
    OK(certiflip_collective_budgets(together, budget, 3, &error));
    OK(certiflip_collective_groups(together, group, 6, &error));
    OK(certiflip_collective_gaps(together, gap, 3, &error));
    for (int i = 0; i < 3; i++) {
        CHECK(budget[i].found <= budget[i].at_most && budget[i].at_most <= budget[i].alone);
        CHECK(gap[i].at_least <= gap[i].found_least && gap[i].found_most <= gap[i].at_most);
        OK(certiflip_collective_attack(together, i, flips, ROWS, &error));
        CHECK(budget[i].flips <= budget[i].budget);
    }
    CHECK(budget[0].budget == 1 && budget[2].budget == 5);
    for (int i = 0; i < 6; i++)
        CHECK(group[i].lost_found <= group[i].lost_at_most && group[i].gained_found <= group[i].gained_at_most);
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_collective_attack(together, 3, flips, ROWS, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_collective_budgets(together, NULL, 3, &error));
    certiflip_free(together);
    options.budget_count = 0;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify_together(model, &features, &options, NULL, &together, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify_together(model, &features, NULL, NULL, &together, &error));
    options.budget_count = 3;
    options.truth = NULL;
    options.truth_count = 0;
    CHECK(certiflip_certify_together(model, &features, &options, NULL, &together, &error) != CERTIFLIP_OK);
    options.group_count = 1;
    CHECK(certiflip_certify_together(model, &features, &options, NULL, &together, &error) != CERTIFLIP_OK);
}

/* ------------------------------------------------------------------------------------------- What is not as it must be */

static void hostile(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    int32_t classes[TESTS];
    int32_t *out = classes;

    /* Handles of no kind, of another kind, freed, and made up. */
    certiflip_certificates *rows = NULL;
    OK(certiflip_certify(model, &features, NULL, NULL, &rows, &error));
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_predict(NULL, &features, NULL, out, TESTS, &error));
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_predict((certiflip_model *)rows, &features, NULL, out, TESTS, &error));
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_certificates_read((certiflip_certificates *)model, "exact", out, NULL, NULL, TESTS, &error));
    certiflip_free(rows);
    certiflip_free(rows);
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_certificates_read(rows, "exact", out, NULL, NULL, TESTS, &error));
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_predict((certiflip_model *)&features, &features, NULL, out, TESTS, &error));
    FAILS(CERTIFLIP_BAD_HANDLE, certiflip_predict((certiflip_model *)(intptr_t)-1, &features, NULL, out, TESTS, &error));
    certiflip_free(&features);

    /* Matrices. */
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, NULL, NULL, out, TESTS, &error));
    features.data = NULL;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, TESTS, &error));
    features.data = tests;
    features.size = 0;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, TESTS, &error));
    features.size = sizeof features + 8;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, TESTS, &error));
    features.size = sizeof features;
    features.type = 2;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, TESTS, &error));
    features.type = 0;
    const int64_t sizes[][2] = {{-1, 4}, {1, 0}, {1, -4}, {INT64_MAX, 4}, {INT64_MAX, INT64_MAX}, {1 << 20, 1 << 12}, {INT64_MIN, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        features.rows = sizes[i][0];
        features.columns = sizes[i][1];
        FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, TESTS, &error));
    }
    features.rows = TESTS;
    features.columns = COLUMNS - 1;
    FAILS(CERTIFLIP_BAD_DATA, certiflip_predict(model, &features, NULL, out, TESTS, &error));
    features.columns = COLUMNS;
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 3; i++) {
        double kept = tests[7];
        tests[7] = bad[i];
        FAILS(CERTIFLIP_BAD_DATA, certiflip_predict(model, &features, NULL, out, TESTS, &error));
        CHECK(strstr(error.message, "Row 1, column 3") != NULL);
        tests[7] = kept;
    }
    tests32[7] = NAN;
    certiflip_matrix singles = matrix_of(tests32, TESTS, CERTIFLIP_FLOAT32);
    FAILS(CERTIFLIP_BAD_DATA, certiflip_predict(model, &singles, NULL, out, TESTS, &error));
    tests32[7] = (float)tests[7];

    /* Buffers, options, errors. */
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, NULL, TESTS, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, TESTS - 1, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, NULL, out, -1, &error));
    CERTIFLIP_NEW(certiflip_run, run);
    run.threads = -1;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, &run, out, TESTS, &error));
    run.threads = 1000;
    OK(certiflip_predict(model, &features, &run, out, TESTS, &error));
    run.size = 3;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_predict(model, &features, &run, out, TESTS, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_certify(model, &features, NULL, NULL, NULL, &error));
    CHECK(certiflip_predict(NULL, &features, NULL, out, TESTS, NULL) == CERTIFLIP_BAD_HANDLE);
    error.size = 8;
    error.message[0] = 0;
    CHECK(certiflip_predict(NULL, &features, NULL, out, TESTS, &error) == CERTIFLIP_BAD_ARGUMENT && error.message[0] == 0);
    error.size = sizeof error;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_load(NULL, NULL, NULL, &error));
    certiflip_model *none = NULL;
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_load(NULL, NULL, &none, &error));
    FAILS(CERTIFLIP_BAD_FILE, certiflip_load("", NULL, &none, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(NULL, NULL, NULL, NULL, &none, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_fit(&features, NULL, NULL, NULL, &none, &error));
    FAILS(CERTIFLIP_BAD_ARGUMENT, certiflip_model_get(model, NULL, &error));
}

/* ------------------------------------------------------------------------------------------------ Progress and threads */

typedef struct {
    pthread_t thread;
    int calls, stop;
    double last;
} watcher;

static int32_t watch(void *context, double done) {
    watcher *own = (watcher *)context;
    if (!pthread_equal(own->thread, pthread_self()) || done < own->last || done > 1)
        abort();
    own->last = done;
    own->calls++;
    return own->stop;
}

static void progress(certiflip_model *model) {
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    watcher own = {pthread_self(), 0, 0, 0};
    CERTIFLIP_NEW(certiflip_run, run);
    run.progress = watch;
    run.context = &own;
    certiflip_certificates *rows = NULL;
    OK(certiflip_certify(model, &features, NULL, &run, &rows, &error));
    CHECK(own.calls >= 1 && own.last == 1);
    certiflip_free(rows);
    own.stop = 1;
    own.last = 0;
    FAILS(CERTIFLIP_CANCELLED, certiflip_certify(model, &features, NULL, &run, &rows, &error));
    CHECK(rows == NULL);
}

typedef struct {
    certiflip_model *model;
    int32_t radii[TESTS];
    int failed;
} worker;

static void *work(void *argument) {
    worker *own = (worker *)argument;
    certiflip_matrix features = matrix_of(tests, TESTS, CERTIFLIP_FLOAT64);
    CERTIFLIP_NEW(certiflip_error, mine);
    for (int i = 0; i < 20; i++) {
        certiflip_certificates *rows = NULL;
        int32_t radii[TESTS];
        own->failed |= certiflip_certify(own->model, &features, NULL, NULL, &rows, &mine);
        own->failed |= certiflip_certificates_read(rows, "exact", NULL, radii, NULL, TESTS, &mine);
        own->failed |= i > 0 && memcmp(radii, own->radii, sizeof radii) != 0;
        own->failed |= certiflip_predict(NULL, &features, NULL, radii, TESTS, &mine) != CERTIFLIP_BAD_HANDLE;
        memcpy(own->radii, radii, sizeof radii);
        certiflip_free(rows);
    }
    return NULL;
}

static void two_threads(certiflip_model *model) {
    worker workers[2] = {{model, {0}, 0}, {model, {0}, 0}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0 && !workers[i].failed);
    CHECK(memcmp(workers[0].radii, workers[1].radii, sizeof workers[0].radii) == 0);
}

int main(int count, char **arguments) {
    error.size = sizeof error;
    CHECK(count == 2);
    fill(training, training32, ROWS, labels, NULL);
    fill(tests, tests32, TESTS, NULL, truth);
    for (int row = 0; row < TESTS; row++)
        groups[row] = row / 2 % 2 == 0 ? 0 : 1;
    the_library();
    models(arguments[1]);
    heads_and_labels();
    class_shares(arguments[1]);
    certiflip_model *model = fit(NULL);
    certificates(model);
    adversaries(model);
    witnesses(model);
    audits(model);
    all_rows_together(model);
    hostile(model);
    progress(model);
    two_threads(model);
    certiflip_free(model);
    puts("certiflip.h: all as it must be");
    return 0;
}
