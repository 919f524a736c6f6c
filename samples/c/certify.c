/*
 * How many training labels could be wrong before a prediction changes? Reports of a sensor, labelled by people; one of
 * the labels is wrong.
 *
 *   make run
 */
#include <certiflip.h>

#include <stdio.h>
#include <stdlib.h>

#define ROWS 200
#define COLUMNS 3
#define TESTS 4

static certiflip_error error = {sizeof(certiflip_error), 0, 0, {0}};

static void need(certiflip_status status) {
    if (status != CERTIFLIP_OK) {
        fprintf(stderr, "certiflip: %s\n", error.message);
        exit(1);
    }
}

static double noise(void) {
    static unsigned state = 1;
    state = state * 1664525u + 1013904223u;
    return state / 4294967296.0 - 0.5;
}

int main(void) {
    static float features[ROWS * COLUMNS], tests[TESTS * COLUMNS];
    static int64_t codes[ROWS];
    const char *names[] = {"fault", "normal"};
    for (int row = 0; row < ROWS + TESTS; row++) {
        float *x = row < ROWS ? features + row * COLUMNS : tests + (row - ROWS) * COLUMNS;
        int is_normal = row % 2;
        for (int i = 0; i < COLUMNS; i++)
            x[i] = (float)(0.6 * noise() + (i == 0 && is_normal ? 0.7 : 0));
        if (row < ROWS)
            codes[row] = is_normal;
    }
    codes[7] = 0; /* Wrong. */

    /* The model reads the features where they are: they must stay until it is freed. */
    CERTIFLIP_NEW(certiflip_matrix, training);
    training.data = features;
    training.rows = ROWS;
    training.columns = COLUMNS;
    training.type = CERTIFLIP_FLOAT32;
    CERTIFLIP_NEW(certiflip_labels, labels);
    labels.count = ROWS;
    labels.values = codes;
    labels.names = names;
    labels.name_count = 2;
    CERTIFLIP_NEW(certiflip_fit_options, fit);
    fit.classes = names; /* Stated, so that every radius holds. */
    fit.class_count = 2;
    certiflip_model *model;
    need(certiflip_fit(&training, &labels, &fit, NULL, &model, &error));

    CERTIFLIP_NEW(certiflip_matrix, rows);
    rows.data = tests;
    rows.rows = TESTS;
    rows.columns = COLUMNS;
    rows.type = CERTIFLIP_FLOAT32;
    certiflip_certificates *certificates;
    need(certiflip_certify(model, &rows, NULL, NULL, &certificates, &error));
    int32_t predictions[TESTS], radii[TESTS];
    need(certiflip_certificates_read(certificates, "exact", predictions, radii, NULL, TESTS, &error));
    for (int row = 0; row < TESTS; row++)
        printf("report %d: %s, whatever %d of %d labels are\n", row, names[predictions[row]], radii[row], ROWS);

    certiflip_witnesses *witnesses;
    need(certiflip_find_witnesses(model, &rows, NULL, 0, NULL, &witnesses, &error));
    CERTIFLIP_NEW(certiflip_witness, witness);
    certiflip_flip flips[3];
    need(certiflip_witnesses_read(witnesses, 0, &witness, flips, 3, &error));
    printf("%d labels make report 0 %s: those of rows %d, %d, %d, ...\n", (int)witness.flips, names[witness.rival],
           (int)flips[0].row, (int)flips[1].row, (int)flips[2].row);

    certiflip_audit *audit;
    CERTIFLIP_NEW(certiflip_audit_options, options);
    options.budget = 1;
    need(certiflip_audit_labels(model, NULL, &options, NULL, &audit, &error));
    CERTIFLIP_NEW(certiflip_audit_info, info);
    certiflip_suggestion suggestion;
    need(certiflip_audit_read(audit, &info, &suggestion, 1, &error));
    printf("check first: row %d, labelled %s, looks like %s\n", (int)suggestion.row, names[suggestion.label],
           names[suggestion.suggested_class]);

    certiflip_free(audit);
    certiflip_free(witnesses);
    certiflip_free(certificates);
    certiflip_free(model);
    return 0;
}
