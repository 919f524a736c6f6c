using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Attacks;

/// <summary>Orders of training rows to flip for one test row. Only rows that can be flipped, and whose flip works against the prediction, are in them.</summary>
/// <param name="classifier">The attacked classifier.</param>
/// <param name="labels">Its labels as given.</param>
/// <param name="allowed">Which of them can be flipped.</param>
internal sealed class FlipOrder(AttackedClassifier classifier, int[] labels, AllowedFlips allowed)
{
    /// <summary>Rows labelled as predicted, by their distance from the test row in units of the scaled features, the nearest first.</summary>
    public int[] ByDistance(ReadOnlySpan<double> test, int prediction)
    {
        double[] distances = new double[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> x = classifier.Row(row);
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
                sum += (x[i] - test[i]) * (x[i] - test[i]);
            distances[row] = sum;
        }

        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == prediction && allowed.CanFlip(row))];
        Array.Sort(Array.ConvertAll(rows, row => distances[row]), rows);
        return rows;
    }

    /// <summary>
    /// Rows by the first-order rise of the test row's loss when their label is flipped, the largest first. With v = H⁻¹x_test the rise for row j is
    /// proportional to (2yⱼ − 1)xⱼᵀv, towards 0, for a prediction of 1, and to its opposite for 0: Koh and Liang's formula in appendix C.
    /// </summary>
    /// <param name="fit">A fit to <paramref name="current"/>.</param>
    /// <param name="test">The test row.</param>
    /// <param name="prediction">Its prediction from the labels as given.</param>
    /// <param name="current">The labels that some flips have left.</param>
    public int[] ByInfluence(NewtonFit fit, ReadOnlySpan<double> test, int prediction, ReadOnlySpan<int> current)
    {
        double[] v = fit.SolveAtFit(test.ToArray());
        double towards = prediction == 1 ? 1 : -1;
        List<(double Fall, int Row)> helpful = [];
        for (int row = 0; row < labels.Length; row++)
        {
            double rise = towards * (2 * labels[row] - 1) * Elementwise.Dot(classifier.Row(row), v);
            if (rise > 0 && current[row] == labels[row] && allowed.CanFlip(row))
                helpful.Add((-rise, row));
        }

        helpful.Sort();
        return [.. helpful.Select(pair => pair.Row)];
    }
}
