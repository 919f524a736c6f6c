namespace CertiFlip.Learners;

/// <summary>Minimises a <see cref="LogisticObjective"/> from zero, by limited-memory BFGS with backtracking.</summary>
internal static class LogisticFit
{
    public const int IterationLimit = 1000;
    public const double Tolerance = 1e-6;

    private const int BacktrackLimit = 40;
    private const double SufficientDecrease = 1e-4;

    // Beyond this, two values of the objective differ by rounding alone.
    private const double ValueRounding = 1e-13;

    /// <summary>The coefficients where the gradient vanishes to within <see cref="Tolerance"/>, or where no step makes progress.</summary>
    public static double[] Minimise(LogisticObjective objective, CancellationToken cancellation)
    {
        double[] w = objective.NewVector(), gradient = objective.NewVector(), direction = objective.NewVector();
        var pairs = new CurvaturePairs(objective);
        double value = objective.Evaluate(w, gradient);
        for (int iteration = 0; iteration < IterationLimit && objective.Steepness(gradient) > Tolerance; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            pairs.Descend(gradient, direction);
            double[] step = objective.NewVector(), next = objective.NewVector();
            if (!TryStep(objective, w, ref value, CurvaturePairs.Dot(gradient, direction), direction, step, next))
                break;
            for (int i = 0; i < w.Length; i++)
            {
                w[i] += step[i];
                (gradient[i], next[i]) = (next[i], next[i] - gradient[i]);
            }

            pairs.Add(step, change: next);
        }

        return w;
    }

    /// <summary>Shortens a step until the objective sinks by a fair part of what its slope promises.</summary>
    private static bool TryStep(
        LogisticObjective objective, double[] w, ref double value, double slope, double[] direction, double[] step, double[] gradient)
    {
        double[] trial = objective.NewVector();
        double length = 1;
        for (int attempt = 0; attempt < BacktrackLimit && slope < 0; attempt++)
        {
            for (int i = 0; i < w.Length; i++)
            {
                step[i] = length * direction[i];
                trial[i] = w[i] + step[i];
            }

            double reached = objective.Evaluate(trial, gradient);
            if (reached <= value + SufficientDecrease * length * slope + ValueRounding * Math.Max(1, Math.Abs(value)))
            {
                value = reached;
                return true;
            }

            // The lowest point of the parabola through both values.
            double lowest = -slope * length / (2 * (reached - value - slope * length));
            length *= Math.Clamp(lowest, 0.1, 0.5);
        }

        return false;
    }
}
