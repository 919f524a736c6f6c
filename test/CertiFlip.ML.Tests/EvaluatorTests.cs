using CertiFlip.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML.Tests;

/// <summary>What ML.NET measures on the columns, and what an audit says of them.</summary>
public sealed class EvaluatorTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Multiclass_metrics_count_the_predictions()
    {
        Row[] rows = Rows.Make(90), tests = Rows.Make(60, seed: 2);
        IDataView data = _context.Data.LoadFromEnumerable(rows), test = _context.Data.LoadFromEnumerable(tests);
        var model = _context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(_context.MulticlassClassification.Trainers.CertifiedRidge())
            .Append(_context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel")).Fit(data);
        IDataView scored = model.Transform(test);
        Assert.Equal(TextDataViewType.Instance, scored.Schema["Predicted"].Type);
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(scored);
        Verdict[] verdicts = Rows.Read(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored));
        int right = verdicts.Zip(tests).Count(pair => (string)pair.First.Prediction! == pair.Second.Name);
        Assert.InRange(right, 40, 60);
        Assert.Equal((double)right / tests.Length, metrics.MicroAccuracy, 1e-12);
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [Fact]
    public void Binary_metrics_count_the_predictions()
    {
        Row[] rows = Rows.Make(90, classes: 2), tests = Rows.Make(60, seed: 2, classes: 2);
        IDataView data = _context.Data.LoadFromEnumerable(rows), test = _context.Data.LoadFromEnumerable(tests);
        IDataView scored = _context.BinaryClassification.Trainers.CertifiedRidge("Flag").Fit(data).Transform(test);
        BinaryClassificationMetrics metrics = _context.BinaryClassification.EvaluateNonCalibrated(scored, "Flag");
        int right = Rows.Read(scored).Zip(tests).Count(pair => (bool)pair.First.Prediction! == pair.Second.Flag);
        Assert.Equal((double)right / tests.Length, metrics.Accuracy, 1e-12);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.8, 1);
    }

    [Fact]
    public void Cross_validation_fits_and_certifies_each_part()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Make(90, classes: 2));
        var pipeline = _context.Transforms.NormalizeMinMax("Features").Append(_context.CertifiedRidge("Flag"));
        var folds = _context.BinaryClassification.CrossValidateNonCalibrated(data, pipeline, numberOfFolds: 3, labelColumnName: "Flag");
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.Accuracy, 0.7, 1));
    }

    [Fact]
    public void An_audit_finds_labels_that_were_changed_by_their_rows_in_the_view()
    {
        Row[] rows = Rows.Make(120, seed: 11, classes: 2);
        rows[0].Name = ""; // Rows are counted with those that have no label.
        int[] wrong = [13, 58, 99];
        foreach (Row row in wrong.Select(i => rows[i]))
            row.Name = row.Features[0] > row.Features[1] ? "bee" : "ant";
        CertifiedHeadTransformer head = _context.CertifiedRidge("Name").Fit(_context.Data.LoadFromEnumerable(rows));
        CertifiedAudit audit = head.Audit(budget: 12);
        Assert.Subset(audit.Where(check => check.Reason == "contradicted").Select(check => check.Row).ToHashSet(), wrong.ToHashSet());
        LabelToCheck first = audit[0];
        Assert.Equal(rows[first.Row].Name, first.Label);
        Assert.NotEqual(first.Label, first.SuggestedLabel);
        LabelToCheck[] fromView = [.. _context.Data.CreateEnumerable<LabelToCheck>(audit.ToDataView(_context), reuseRowObject: false)];
        Assert.Equal(audit.Select(check => (check.Row, check.Label, check.RadiusGain)),
            fromView.Select(check => (check.Row, check.Label, check.RadiusGain)));
        Assert.Equal(7, head.Audit(7, _context.Data.LoadFromEnumerable(Rows.Make(20, seed: 3, classes: 2))).Count);
    }
}
