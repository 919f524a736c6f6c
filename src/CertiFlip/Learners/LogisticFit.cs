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

    /// <summary>
    /// The coefficients where the gradient vanishes to within <see cref="Tolerance"/>, or where no step makes progress.
    /// </summary>
    public static double[] Minimise(LogisticObjective objective, CancellationToken cancellationToken)
    {
        double[] w = objective.NewVector(), gradient = objective.NewVector(), direction = objective.NewVector();
        var pairs = new CurvaturePairs(objective);
        double value = objective.Evaluate(w, gradient);
        for (int iteration = 0; iteration < IterationLimit && objective.Steepness(gradient) > Tolerance; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
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

/// <summary>
/// The last few steps s and the changes y of the gradient that they made: what limited-memory BFGS knows of the Hessian
/// beyond the preconditioner (Nocedal and Wright, Numerical Optimization, algorithm 7.4).
/// </summary>
internal sealed class CurvaturePairs(LogisticObjective objective)
{
    private const int Capacity = 10;

    // s·y below this has no finite reciprocal worth having: a step along which the objective is flat teaches nothing.
    private const double LeastCurvature = 1e-290;

    private readonly Queue<(double[] Step, double[] Change, double Curvature)> _pairs = new(Capacity);
    private readonly double[] _remaining = objective.NewVector();
    private double _scale = 1;

    /// <summary>Remembers a step; both vectors are kept. The oldest pair is forgotten.</summary>
    public void Add(double[] step, double[] change)
    {
        double curvature = Dot(step, change);
        if (!(curvature > LeastCurvature))
            return;
        if (_pairs.Count == Capacity)
            _pairs.Dequeue();
        _pairs.Enqueue((step, change, curvature));
        objective.Precondition(change, _remaining);
        _scale = curvature / Dot(change, _remaining);
    }

    /// <summary>Writes −Hg to <paramref name="direction"/>, H approximating the inverse of the Hessian.</summary>
    public void Descend(double[] gradient, double[] direction)
    {
        gradient.CopyTo(_remaining, 0);
        Span<double> along = stackalloc double[Capacity];
        int i = _pairs.Count;
        foreach ((double[] step, double[] change, double curvature) in _pairs.Reverse())
        {
            along[--i] = Dot(step, _remaining) / curvature;
            Add(-along[i], change, _remaining);
        }

        objective.Precondition(_remaining, direction);
        for (int j = 0; j < direction.Length; j++)
            direction[j] *= -_scale;
        foreach ((double[] step, double[] change, double curvature) in _pairs)
            Add(-along[i++] - Dot(change, direction) / curvature, step, direction);
    }

    /// <summary>
    /// A sum in a fixed order: that of a vectorised library may depend on where in memory the numbers lie.
    /// </summary>
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double multiple, double[] vector, double[] destination)
    {
        for (int i = 0; i < vector.Length; i++)
            destination[i] += multiple * vector[i];
    }
}
