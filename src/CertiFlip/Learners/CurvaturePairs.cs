namespace CertiFlip.Learners;

/// <summary>
/// The last few steps s and the changes y of the gradient that they made: what limited-memory BFGS knows of the Hessian beyond the
/// preconditioner (Nocedal and Wright, Numerical Optimization, algorithm 7.4).
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

    /// <summary>A sum in a fixed order: that of a vectorised library may depend on where in memory the numbers lie.</summary>
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
