using CertiFlip.Auditing;
using CertiFlip.Heads;
using CertiFlip.Kernels;

namespace CertiFlip.AuditTrial;

/// <summary>
/// Flips 1 % of the labels, and counts how many of them each order finds among its first N, 2N and 5N rows, N as many
/// as were flipped.
/// </summary>
internal static class Trial
{
    public static int[] Multiples { get; } = [1, 2, 5];

    /// <summary>For each way of flipping and each order: how many flipped labels are among its first.</summary>
    public static IEnumerable<TrialResult> Run(TrialData data, ulong seed)
    {
        RidgeHead head = RidgeHead.Fit(data.Training);
        NearestNeighboursHead neighbours = NearestNeighboursHead.Fit(data.Training);
        int count = (data.Labels.Length + 99) / 100;
        FlippedLabels[] ways = [FlippedLabels.AtRandom(data, count, seed), FlippedLabels.ByWitness(data, head, count, seed)];
        foreach (FlippedLabels flipped in ways)
        {
            int most = Math.Min(data.Labels.Length, Multiples[^1] * flipped.Rows.Count);
            var labels = new ClassLabels(flipped.Labels, data.ClassCount);
            LabelAudit Audit(ILeaveOneOutHead? second) =>
                new Auditor(head, labels, new AuditOptions { Budget = most, SecondOpinion = second }).Audit(data.Training, data.Test, []);
            LabelAudit audit = Audit(neighbours), alone = Audit(null);
            var outOfFold = new OutOfFold(data.Training, flipped.Labels, data.ClassCount, seed);
            int[] random = [.. Enumerable.Range(0, data.Labels.Length)];
            new PhiloxRandom(seed, 4).Shuffle(random);
            (string Name, IEnumerable<int> Order)[] orders =
            [
                ("audit", audit.Suggestions.Select(suggestion => suggestion.Row)),
                ("audit-alone", alone.Suggestions.Select(suggestion => suggestion.Row)),
                ("self-confidence", outOfFold.BySelfConfidence()),
                ("margin", outOfFold.ByMargin()),
                ("random", random),
            ];
            foreach ((string name, IEnumerable<int> order) in orders)
                yield return new TrialResult(
                    data.Name, flipped.How, name, flipped.Rows.Count,
                    [.. Multiples.Select(multiple => order.Take(multiple * flipped.Rows.Count).Count(flipped.Rows.Contains))],
                    audit.Contradicted);
        }
    }
}
