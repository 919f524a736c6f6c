using System.Globalization;
using CertiFlip.Attacks;
using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>
/// The undefended classifier of figures 1 and 2, logistic regression on the same features, under the attacks of
/// appendix C.
/// </summary>
/// <param name="run">Where it belongs.</param>
/// <param name="split">Features and labels.</param>
/// <param name="features">What the features were made from and how: part of the key of saved results.</param>
/// <param name="kinds">The attacks.</param>
internal sealed class UndefendedCurve(
    ExperimentRun run, LabelledSplit split, string features, params IReadOnlyList<AttackKind> kinds)
{
    // Rows that are attacked and saved together: an interruption loses no more.
    private const int PieceRows = 250;

    /// <summary>Accuracy when every test row is attacked with up to r flips.</summary>
    public Series Get()
    {
        LabelledSplit attacked = split.WithTestRows(run.Options.AttackedRows);
        var options = new AttackOptions { Kinds = kinds, Threads = run.Options.Threads };
        var attack = new Lazy<LabelFlipAttack>(() => new LabelFlipAttack(split.Training, split.Labels, options));
        IProgress<int> done = run.Progress.ReportCount("attacking the undefended classifier:", attacked.Test.Rows, "rows");
        List<int> flips = [], predictions = [];
        for (int first = 0; first < attacked.Test.Rows; first += PieceRows)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(PieceRows, attacked.Test.Rows - first))];
            bool isNew = false;
            StoredModel piece = run.Stage(string.Create(CultureInfo.InvariantCulture, $"attack-{first}"), Key(attacked), () =>
            {
                isNew = true;
                return Store(attack.Value.Attack(attacked.Test.SelectRows(rows), done, run.CancellationToken));
            });
            if (!isNew)
                done.Report(rows.Length);
            flips.AddRange(piece.Integers("flips"));
            predictions.AddRange(piece.Integers("predictions"));
        }

        IEnumerable<int?> ofCorrect = flips.Where((_, row) => predictions[row] == attacked.TestClasses[row])
            .Select(count => count == 0 ? (int?)null : count);
        return new Series(Series.UndefendedName, null, AccuracyCurve.UnderAttack(flips.Count, ofCorrect, Radius.Of(split.Training.Rows)));
    }

    private static StoredModel Store(IReadOnlyList<AttackedRow> rows)
    {
        var stored = new StoredModel("attacked-rows");
        stored.Add("flips", [.. rows.Select(row => row.Rows.Count)]);
        stored.Add("predictions", [.. rows.Select(row => row.Prediction)]);
        return stored;
    }

    private string[] Key(LabelledSplit attacked) =>
    [
        features, string.Join(",", kinds),
        split.Test.Rows.ToString(CultureInfo.InvariantCulture), attacked.Test.Rows.ToString(CultureInfo.InvariantCulture),
    ];
}
