using MathNet.Numerics.LinearAlgebra;

namespace CertiFlip.Tests.Learners;

/// <summary>
/// What scikit-learn's logistic regression minimises, ½‖w‖² + C·Σⱼ −log p(yⱼ | xⱼ), written down plainly.
/// </summary>
internal sealed record LogisticDefinition(FeatureMatrix Features, int[] Labels, int Classes, double C)
{
    /// <summary>
    /// The largest component of the gradient of the objective divided by Cn, every feature in units of its standard
    /// deviation.
    /// </summary>
    /// <param name="models">For each class k coefficients and the intercept.</param>
    public double LargestGradient(double[][] models)
    {
        int k = Features.Columns;
        double[] means = [.. Enumerable.Range(0, k).Select(Mean)];
        double largest = 0;
        for (int c = 0; c < Classes; c++)
        {
            double[] gradient = new double[k + 1];
            for (int row = 0; row < Features.Rows; row++)
            {
                double residual = Probability(models, row, c) - (Labels[row] == c ? 1 : 0);
                for (int i = 0; i <= k; i++)
                    gradient[i] += residual * (i < k ? Features.Row(row)[i] - means[i] : 1);
            }

            for (int i = 0; i <= k; i++)
            {
                // With two classes w is the difference of both models, half of which each of them is.
                double penalty = i == k ? 0 : models[c][i] * (Classes == 2 ? 2 : 1);
                double unit = i == k ? 1 : Deviation(i, means[i]);
                if (unit > 1e-12)
                    largest = Math.Max(largest, Math.Abs(penalty / C + gradient[i]) / Features.Rows / unit);
            }
        }

        return largest;
    }

    /// <summary>The coefficients and the intercept of two classes, by Newton's method with halved steps.</summary>
    public static double[] Newton(FeatureMatrix features, int[] labels, double c)
    {
        int k = features.Columns;
        Vector<double> w = Vector<double>.Build.Dense(k + 1);
        for (int iteration = 0; iteration < 200; iteration++)
        {
            Vector<double> gradient = Vector<double>.Build.Dense(k + 1, i => i < k ? w[i] : 0);
            Matrix<double> hessian = Matrix<double>.Build.Dense(k + 1, k + 1, (i, j) => i == j && i < k ? 1 : 0);
            for (int row = 0; row < features.Rows; row++)
            {
                Vector<double> x = Vector<double>.Build.Dense([.. features.Row(row), 1]);
                double p = 1 / (1 + Math.Exp(-w.DotProduct(x)));
                gradient += c * (p - labels[row]) * x;
                hessian += c * p * (1 - p) * x.OuterProduct(x);
            }

            w -= (iteration < 100 ? 0.5 : 1) * hessian.Solve(gradient);
        }

        return w.ToArray();
    }

    private double Probability(double[][] models, int row, int c) =>
        1 / Enumerable.Range(0, Classes).Sum(d => Math.Exp(Score(models[d], row) - Score(models[c], row)));

    private double Score(double[] model, int row)
    {
        double score = model[^1];
        for (int i = 0; i < Features.Columns; i++)
            score += model[i] * Features.Row(row)[i];
        return score;
    }

    private double Mean(int column) => Enumerable.Range(0, Features.Rows).Average(row => Features.Row(row)[column]);

    private double Deviation(int column, double mean) =>
        Math.Sqrt(Enumerable.Range(0, Features.Rows).Average(row => Math.Pow(Features.Row(row)[column] - mean, 2)));
}
