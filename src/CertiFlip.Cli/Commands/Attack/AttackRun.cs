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

/// <summary>How what was found for a row is written to a part of a plan.</summary>
internal static class FindingForm
{
    /// <summary>The attacks on logistic regression that were made for one test row.</summary>
    /// <param name="labels">n.</param>
    /// <param name="tests">m.</param>
    public static RowForm<FoundAttack[]> OfAttacks(int labels, int tests) => new(
        (writer, attacks) =>
        {
            writer.Write(attacks.Length);
            foreach (FoundAttack attack in attacks)
            {
                writer.Write(attack.Row);
                writer.Write(attack.Source);
                writer.Write((byte)attack.Kind);
                writer.Write(attack.Reversed);
                writer.Write(attack.Flips.Count);
                foreach (int flip in attack.Flips)
                    writer.Write(flip);
            }
        },
        reader =>
        {
            var attacks = new FoundAttack[RowForm.Within(reader.ReadInt32(), 0, tests)];
            for (int i = 0; i < attacks.Length; i++)
            {
                int row = RowForm.Within(reader.ReadInt32(), 0, tests - 1), source = RowForm.Within(reader.ReadInt32(), 0, tests - 1);
                var kind = (AttackKind)RowForm.Within(reader.ReadByte(), 0, Enum.GetValues<AttackKind>().Length - 1);
                bool isReversed = reader.ReadBoolean();
                int[] flips = new int[RowForm.Within(reader.ReadInt32(), 0, labels)];
                for (int j = 0; j < flips.Length; j++)
                    flips[j] = RowForm.Within(reader.ReadInt32(), 0, labels - 1);
                attacks[i] = new FoundAttack(row, source, kind, isReversed, flips);
            }

            return attacks;
        });

    /// <summary>What an attack on a head came to.</summary>
    /// <param name="labels">The training labels: flips are written as rows and new labels.</param>
    public static RowForm<Finding> Of(ClassLabels labels) => new(
        (writer, finding) =>
        {
            writer.Write(finding.Prediction);
            writer.Write(finding.Attack);
            writer.Write(finding.Source);
            writer.Write(finding.Cost);
            writer.Write(finding.Flips.Count);
            foreach (LabelFlip flip in finding.Flips)
            {
                writer.Write(flip.Row);
                writer.Write(flip.To);
            }
        },
        reader =>
        {
            int classes = labels.Classes.Count, prediction = RowForm.Within(reader.ReadInt32(), 0, classes - 1);
            string attack = reader.ReadString();
            int source = RowForm.Within(reader.ReadInt32(), 0, int.MaxValue), cost = RowForm.Within(reader.ReadInt32(), 0, int.MaxValue);
            var flips = new LabelFlip[RowForm.Within(reader.ReadInt32(), 0, labels.Count)];
            for (int i = 0; i < flips.Length; i++)
            {
                int row = RowForm.Within(reader.ReadInt32(), 0, labels.Count - 1);
                flips[i] = new LabelFlip(row, labels[row], RowForm.Within(reader.ReadInt32(), 0, classes - 1));
            }

            return new Finding(prediction, attack, source, flips, cost);
        });
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
        if (!data.Classes.AreAlike)
            throw new UsageException(
                $"{ClassWording.OptionOf(data.Classes)}: that is a head's, and logistic regression has none; choose --attacks witness.");
        progress.Report($"fitting logistic regression to {data.Training.Features.Rows:N0} × {data.Training.Features.Columns:N0} features");
        LabelFlipAttack attack = RunData.Named(
            data.Training, () => new LabelFlipAttack(data.Training.Features, data.Labels, Options with { Adversary = data.Adversary }));
        FeatureMatrix test = data.Test.Features;
        var found = RowWork.Current.Rows("attacks", test.Rows, FindingForm.OfAttacks(data.Labels.Count, test.Rows), (first, count) =>
        {
            IProgress<int> done = progress.ReportCount("attacking logistic regression:", count, "rows");
            ILookup<int, FoundAttack> bySource = RunData.Named(data.Test, () => attack.Search(test, first, count, done, cancellation))
                .ToLookup(one => one.Source);
            return (FoundAttack[][])[.. Enumerable.Range(first, count).Select(source => (FoundAttack[])[.. bySource[source]])];
        });
        IReadOnlyList<AttackedRow> rows = RowWork.Current.HasAllRows
            ? RunData.Named(data.Test, () => attack.Verify(test, found.SelectMany(ofRow => ofRow), cancellation))
            : [];
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
        IHead head = data.Fit(Head, Noise, parallel);
        var certifier = new Certifier(head, data.Labels, new CertifierOptions { Adversary = data.Adversary, Threads = threads });
        IReadOnlyList<Finding> findings = RowWork.Current.Rows("witnesses", test.Rows, FindingForm.Of(data.Labels), (first, count) =>
        {
            IProgress<int> done = progress.ReportCount($"finding witnesses against the {Head.Text} head:", count, "rows");
            var found = new Finding[count];
            Parallel.For(first, first + count, parallel, row =>
            {
                found[row - first] = RunData.Named(data.Test, () => certifier.TryFindWitness(test.Row(row), out Witness? witness)
                    ? new Finding(witness.Prediction, AttackNames.Witness, row, witness.Flips, witness.Cost)
                    : new Finding(certifier.Certify(test.Row(row)).Exact.Prediction, "", row, [], 0));
                done.Report(1);
            });
            return found;
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
