using CertiFlip.Attacks;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>What a run of <c>attack</c> came to.</summary>
/// <param name="Data">The data.</param>
/// <param name="Methods">The classifiers that were attacked.</param>
/// <param name="ConditionalOnLambda">Whether the head's λ was computed from the labels.</param>
internal sealed record AttackResult(RunData Data, IReadOnlyList<AttackedMethod> Methods, bool ConditionalOnLambda);

/// <summary>A classifier and what became of its predictions.</summary>
/// <param name="Name">The classifier in a word.</param>
/// <param name="Sentence">How it was fitted and attacked.</param>
/// <param name="Findings">One for each test row.</param>
/// <param name="Data">The data.</param>
/// <param name="Most">
/// Up to where a row survives for which nothing was found: the most flips that were tried; any, where every attack
/// would have been found.
/// </param>
internal sealed record AttackedMethod(string Name, string Sentence, IReadOnlyList<Finding> Findings, RunData Data, Radius Most)
{
    /// <summary>
    /// What is left when each row is attacked with up to r flips, or flips that cost up to r: the accuracy, or where
    /// truth is not known, the part of predictions that stay.
    /// </summary>
    public AccuracyCurve Curve => CurveOf([.. Enumerable.Range(0, Findings.Count)]);

    /// <summary>The same for each class, null where truth is not known.</summary>
    public AccuracyByClass? ByClass => Data.HasTruth
        ? AccuracyByClass.Of([.. Findings.Select(finding => finding.Prediction)], Data.Truth, CurveOf)
        : null;

    /// <summary>The predictions that an attack was found for.</summary>
    public int Broken => Findings.Count(finding => finding.IsBroken);

    private AccuracyCurve CurveOf(IReadOnlyList<int> rows) => AccuracyCurve.UnderAttack(
        rows.Count,
        rows.Where(row => !Data.HasTruth || Findings[row].Prediction == Data.Truth[row])
            .Select(row => Findings[row].IsBroken ? Findings[row].Cost : (int?)null),
        Most);
}

/// <summary>The attack on one prediction that needs fewest flips, or costs least, of those that were found.</summary>
/// <param name="Prediction">The class predicted from the labels as given.</param>
/// <param name="Attack">How it was found.</param>
/// <param name="Source">The test row that it was found for: flips for one row may break another.</param>
/// <param name="Flips">The flips; empty where none was found.</param>
/// <param name="Cost">What they cost: their number, unless labels differ in cost.</param>
internal sealed record Finding(int Prediction, string Attack, int Source, IReadOnlyList<LabelFlip> Flips, int Cost)
{
    public bool IsBroken => Flips.Count > 0;
}

/// <summary>The attacks of the paper's appendix C on logistic regression.</summary>
/// <param name="Options">Which, and how far to go.</param>
internal sealed record LogisticAttack(AttackOptions Options)
{
    public AttackedMethod Run(RunData data, IWorkProgress progress, CancellationToken cancellation)
    {
        if (data.Classes.Count != 2)
            throw new UsageException(
                $"--attacks: attacks on logistic regression need two classes, but {data.Training.LabelSource} has {data.Classes.Count}; "
                    + "witness works for any number.");
        if (data.Classes.Prior.Count > 0)
            throw new UsageException("--class-prior: a prior is a head's, and logistic regression has none; choose --attacks witness.");
        progress.Report($"fitting logistic regression to {data.Training.Features.Rows:N0} × {data.Training.Features.Columns:N0} features");
        LabelFlipAttack attack = RunData.Named(
            data.Training, () => new LabelFlipAttack(data.Training.Features, data.Labels, Options with { Adversary = data.Adversary }));
        IProgress<int> done = progress.ReportCount("attacking logistic regression:", data.Test.Features.Rows, "rows");
        IReadOnlyList<AttackedRow> rows = RunData.Named(data.Test, () => attack.Attack(data.Test.Features, done, cancellation));
        string kinds = string.Join(", ", Options.Kinds.Select(AttackNames.Name));
        return new AttackedMethod(
            "logistic",
            $"Logistic regression with C = {Options.C}. Attacks: {kinds}, the reverse of each, and flips found for other rows; each was "
                + "verified by refitting.",
            [.. rows.Select(row => FindingOf(row, data.Labels))],
            data,
            Radius.Of(Math.Min(Options.Budget, data.Labels.Count)));
    }

    private static Finding FindingOf(AttackedRow row, ClassLabels labels) => new(
        row.Prediction,
        row.IsBroken ? $"{AttackNames.Name(row.Kind)}{(row.Reversed ? " reversed" : "")}" : "",
        row.Source,
        [.. row.Rows.Select(flip => new LabelFlip(flip, labels[flip], 1 - labels[flip]))],
        row.Rows.Count);
}

/// <summary>
/// The fewest flips that there are, or the cheapest, against the head that <c>certify</c> certifies: one more than its
/// exact radius.
/// </summary>
/// <param name="Head">The head.</param>
/// <param name="Noise">The noise that the paper's λ is computed for; null with other rules.</param>
internal sealed record WitnessAttack(HeadChoice Head, double? Noise)
{
    public AttackedMethod Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        IHead head = RunData.Named(data.Training, () => data.Given(Head, Noise).Fit(training, parallel));
        var certifier = new Certifier(head, data.Labels, new CertifierOptions { Adversary = data.Adversary, Threads = threads });
        IProgress<int> done = progress.ReportCount($"finding witnesses against the {Head.Text} head:", test.Rows, "rows");
        var findings = new Finding[test.Rows];
        Parallel.For(0, test.Rows, parallel, row =>
        {
            findings[row] = RunData.Named(data.Test, () => certifier.TryFindWitness(test.Row(row), out Witness? witness)
                ? new Finding(witness.Prediction, AttackNames.Witness, row, witness.Flips, witness.Cost)
                : new Finding(certifier.Certify(test.Row(row)).Exact.Prediction, "", row, [], 0));
            done.Report(1);
        });
        string words = Head.Describe(head);
        return new AttackedMethod(
            Head.Text,
            $"{char.ToUpperInvariant(words[0])}{words[1..]}. Witness attacks: provably the "
                + $"{(data.CountsVotes ? "fewest votes" : data.Adversary.HasUnitCosts ? "fewest flips" : "lowest cost")}.",
            findings,
            data,
            Radius.Any);
    }
}

/// <summary>What attacks are called on the command line and in files.</summary>
internal static class AttackNames
{
    /// <summary>The exact witness of a head.</summary>
    public const string Witness = "witness";

    private static readonly AttackKind[] Kinds = Enum.GetValues<AttackKind>();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Kinds.Select(Name), Witness];

    public static string Name(AttackKind kind) => kind switch
    {
        AttackKind.Distance => "distance",
        AttackKind.Influence => "influence",
        _ => "influence-recomputed",
    };

    /// <summary>The kinds among names.</summary>
    public static IReadOnlyList<AttackKind> KindsOf(IReadOnlyList<string> names) => [.. Kinds.Where(kind => names.Contains(Name(kind)))];
}
