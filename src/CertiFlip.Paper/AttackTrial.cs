using CertiFlip.Votes;

namespace CertiFlip.Paper;

/// <summary>
/// Puts certificates to the test: flips the witness's labels and fits again, and tries to change predictions with as
/// many flips as are certified to be harmless.
/// </summary>
/// <param name="split">Features and labels.</param>
/// <param name="head">The certified head.</param>
/// <param name="refit">Fits the head from scratch.</param>
/// <param name="seed">The seed of random attacks.</param>
internal sealed class AttackTrial(LabelledSplit split, IHead head, Func<IHead> refit, ulong seed)
{
    private const int AttacksPerRow = 20;

    public TrialResult Run(int rows, IProgress<int> progress, ParallelOptions parallel)
    {
        int[] attacked = LabelledSplit.Spread(rows, split.Test.Rows);
        var certifier = new Certifier(head, split.Labels);
        IHead again = refit(); // Once for all rows: a head that sees no label is the same whichever are flipped.
        int broken = 0, changed = 0;
        Parallel.ForEach(attacked, parallel, row =>
        {
            Certificate certificate = certifier.Certify(split.Test.Row(row)).Exact;
            if (certifier.TryFindWitness(split.Test.Row(row), out Witness? witness)
                && Predict(WeightsOf(again, row), After(witness.Flips)) != certificate.Prediction)
            {
                Interlocked.Increment(ref broken);
            }

            double[] weights = WeightsOf(head, row);
            var random = new Random(HashOf(row));
            for (int attack = 0; attack < AttacksPerRow; attack++)
            {
                if (Predict(weights, After(FlipsOf(attack, weights, certificate, random))) != certificate.Prediction)
                    Interlocked.Increment(ref changed);
            }

            progress.Report(1);
        });
        return new TrialResult(attacked.Length, broken, attacked.Length * AttacksPerRow, changed);
    }

    /// <summary>
    /// As many flips as are certified. In turn: any labels to any class; labels of the predicted class to any other;
    /// the predicted class's labels of largest weight to one rival; all labels by weight, those for the prediction to
    /// the rival, those against it to the predicted class.
    /// </summary>
    private IEnumerable<LabelFlip> FlipsOf(int attack, double[] weights, Certificate certificate, Random random)
    {
        ClassLabels labels = split.Labels;
        int own = certificate.Prediction, rival = (own + 1 + attack / 4 % (labels.ClassCount - 1)) % labels.ClassCount;
        int[] rows = [.. Enumerable.Range(0, labels.Count)];
        random.Shuffle(rows);
        IEnumerable<LabelFlip> flips = (attack % 4) switch
        {
            0 => rows.Select(row => new LabelFlip(row, labels[row], random.Next(labels.ClassCount))),
            1 => rows.Where(row => labels[row] == own).Select(row => new LabelFlip(row, own, random.Next(labels.ClassCount))),
            2 => rows.Where(row => labels[row] == own).OrderByDescending(row => weights[row]).Select(row => new LabelFlip(row, own, rival)),
            _ => rows.Where(row => labels[row] != Worst(row)).OrderByDescending(row => Math.Abs(weights[row]))
                .Select(row => new LabelFlip(row, labels[row], Worst(row))),
        };
        return certificate.Radius.IsAny ? flips : flips.Take(certificate.Radius.Budget);

        int Worst(int row) => weights[row] > 0 ? rival : own;
    }

    private int HashOf(int row) => unchecked((int)seed * 1_000_003 + row);

    private ClassLabels After(IEnumerable<LabelFlip> flips)
    {
        int[] classes = [.. split.TrainingClasses];
        foreach (LabelFlip flip in flips)
            classes[flip.Row] = flip.To;
        return new ClassLabels(classes, split.Labels.ClassCount);
    }

    private int Predict(double[] weights, ClassLabels labels) => new Vote(weights, labels, head.TwoClassRule).HeadPrediction;

    private double[] WeightsOf(IHead fitted, int row)
    {
        int stride = (fitted.TrainingRows + 15) / 16 * 16;
        double[] weights = new double[4 * stride];
        fitted.ComputeWeights(split.Test, row, 1, weights, stride);
        return weights[..fitted.TrainingRows];
    }
}

/// <summary>Results of attacks on certified predictions.</summary>
/// <param name="Rows">Test rows attacked.</param>
/// <param name="Broken">Those whose prediction changed under their witness.</param>
/// <param name="Attacks">Attacks with no more flips than the radius.</param>
/// <param name="Changed">Those that changed a prediction: any would refute the certificate.</param>
internal readonly record struct TrialResult(int Rows, int Broken, int Attacks, int Changed)
{
    public TrialResult(int[] counts)
        : this(counts[0], counts[1], counts[2], counts[3])
    {
    }

    public int[] Counts => [Rows, Broken, Attacks, Changed];
}
