using CertiFlip.Heads;
using CertiFlip.Kernels;

namespace CertiFlip.AuditTrial;

/// <summary>Labels of which some were flipped, and which those are.</summary>
internal sealed record FlippedLabels(string How, int[] Labels, IReadOnlySet<int> Rows)
{
    /// <summary>So many rows, any of them, each to any other class.</summary>
    public static FlippedLabels AtRandom(TrialData data, int count, ulong seed)
    {
        var random = new PhiloxRandom(seed, 1);
        int[] rows = [.. Enumerable.Range(0, data.Labels.Length)], labels = [.. data.Labels];
        random.Shuffle(rows);
        foreach (int row in rows.Take(count))
            labels[row] = (labels[row] + random.Next(1, data.ClassCount)) % data.ClassCount;
        return new FlippedLabels("random", labels, rows.Take(count).ToHashSet());
    }

    /// <summary>
    /// The exact witnesses of test rows that are predicted rightly, chosen at random, one after the other until so many
    /// labels are flipped.
    /// </summary>
    public static FlippedLabels ByWitness(TrialData data, RidgeHead head, int count, ulong seed)
    {
        var certifier = new Certifier(
            head, new ClassLabels(data.Labels, data.ClassCount), new CertifierOptions { Noise = new Noise(0.1, data.ClassCount) });
        int[] tests = [.. Enumerable.Range(0, data.Test.Rows)], labels = [.. data.Labels];
        new PhiloxRandom(seed, 2).Shuffle(tests);
        HashSet<int> rows = [];
        foreach (int test in tests)
        {
            if (rows.Count >= count)
                break;
            if (!certifier.TryFindWitness(data.Test.Row(test), out Witness? witness) || witness.Prediction != data.TestClasses[test])
                continue;
            foreach (LabelFlip flip in witness.Flips.Where(flip => rows.Count < count && rows.Add(flip.Row)))
                labels[flip.Row] = flip.To;
        }

        return new FlippedLabels("witness", labels, rows);
    }
}
