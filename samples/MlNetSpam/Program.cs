// A spam filter in ML.NET, from a column of text, that says how many users' reports may be false.
//
//   dotnet run -c Release --project samples/MlNetSpam [MODEL.zip]
//
// With the name of a model, it is saved there; if it is there already, it is loaded instead of being fitted.
using CertiFlip.ML;
using CertiFlip.Samples.SpamFilter;
using Microsoft.ML;

var mlContext = new MLContext(seed: 1);
Mail[] mails = [.. Corpus.Labelled(400).Select(message => new Mail { Text = message.Text, Label = message.IsSpam })];
foreach (int wrong in new[] { 20, 55, 130, 275 })
    mails[wrong].Label = !mails[wrong].Label; // Four false reports.
IDataView training = mlContext.Data.LoadFromEnumerable(mails);

// The pipeline that a team has, with a certified head in place of a trainer. Texts have more columns than there are
// mails, so λ is larger than it would be otherwise.
var pipeline = mlContext.Transforms.Text.FeaturizeText("Features", "Text")
    .Append(mlContext.CertifiedRidge(ridge: "relative:10", flips: 10));
ITransformer model = args is [var saved] && File.Exists(saved) ? mlContext.Model.Load(saved, out _) : pipeline.Fit(training);
if (args is [var path] && !File.Exists(path))
    mlContext.Model.Save(model, training.Schema, path);

// New mail, as any ML.NET model reads it.
IDataView incoming = mlContext.Data.LoadFromEnumerable(Corpus.Incoming.Select(text => new Mail { Text = text }));
foreach (Verdict verdict in mlContext.Data.CreateEnumerable<Verdict>(model.Transform(incoming), reuseRowObject: false))
{
    Console.WriteLine($"\n\"{verdict.Text}\"");
    Console.WriteLine(
        $"  {(verdict.PredictedLabel ? "spam" : "ham")}, whichever {verdict.Radius} labels are wrong"
        + (verdict.Certified ? "" : ": fewer than the 10 asked for"));
}

// The evaluators of ML.NET take the columns.
var metrics = mlContext.BinaryClassification.EvaluateNonCalibrated(model.Transform(training));
Console.WriteLine($"\naccuracy on the training mails, labels as they are: {metrics.Accuracy:P1}");

// Which reports should somebody read first?
var head = (CertifiedHeadTransformer)((IEnumerable<ITransformer>)model).Last();
Console.WriteLine($"\n{head}");
Console.WriteLine("Labels to check first:");
foreach (LabelToCheck check in head.Audit(budget: 6))
    Console.WriteLine($"  {check.Row}, {check.Reason}, spam {check.Label}: {mails[check.Row].Text}");

/// <summary>A mail with its label: whether somebody reported it.</summary>
internal sealed class Mail
{
    public string Text { get; set; } = "";

    public bool Label { get; set; }
}

/// <summary>What the model says of a mail.</summary>
internal sealed class Verdict
{
    public string Text { get; set; } = "";

    public bool PredictedLabel { get; set; }

    public float Score { get; set; }

    public int Radius { get; set; }

    public bool Certified { get; set; }
}
