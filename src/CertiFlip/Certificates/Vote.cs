using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// One test row as certificates see it: label weights α, training labels y and a threshold τ. The head's rule is class 1 where
/// αᵀy ≥ τ, else class 0. Nothing else of the head or of the features is known here.
/// </summary>
/// <remarks>
/// αᵀy is meant exactly, as a sum of the stored doubles. Wherever rounding could decide a comparison, it is repeated without rounding.
/// A vote keeps what several certificates need, so one instance must not be used from two threads at once.
/// </remarks>
public sealed class Vote
{
    /// <summary>The threshold of labels coded {0, 1}: the paper's ½.</summary>
    public const double PaperThreshold = 0.5;

    private readonly Kernels _kernels;
    private readonly LargestFirst[] _moves = [new(), new()];
    private readonly bool[] _movesLoaded = new bool[2];
    private ReadOnlyMemory<double> _weights;

    /// <summary>A vote of n labels.</summary>
    /// <param name="weights">The n label weights α of one test row, all finite. Not copied.</param>
    /// <param name="labels">The n training labels.</param>
    /// <param name="threshold">τ, finite.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or a number is not finite, or the weights are so large that the sum of their magnitudes overflows.
    /// </exception>
    public Vote(ReadOnlyMemory<double> weights, BinaryLabels labels, double threshold = PaperThreshold)
        : this(labels, threshold, Kernels.Best) => Load(weights);

    /// <summary>A vote without weights yet, to be used for many test rows by <see cref="Load"/>.</summary>
    internal Vote(BinaryLabels labels, double threshold, Kernels kernels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (!double.IsFinite(threshold))
            throw new ArgumentException($"The threshold is {threshold}, but it must be finite.", nameof(threshold));
        (Labels, Threshold, _kernels) = (labels, threshold, kernels);
    }

    /// <summary>The label weights α (length n), eq. (12).</summary>
    public ReadOnlySpan<double> Weights => _weights.Span;

    /// <summary>The training labels y (length n).</summary>
    public BinaryLabels Labels { get; }

    /// <summary>τ: class 1 wins where αᵀy ≥ τ.</summary>
    public double Threshold { get; }

    /// <summary>The head's own class without smoothing, 1{αᵀy ≥ τ}, decided without rounding.</summary>
    public int HeadPrediction => SignOfMargin(Sums.Signed, j => Labels[j] == 1) >= 0 ? 1 : 0;

    internal WeightSums Sums { get; private set; }

    /// <summary>The power of two by which weights were multiplied before they were squared for <see cref="WeightSums.Squares"/>.</summary>
    internal double SquareScale { get; private set; }

    /// <summary>αᵀy − τ as computed: class 1 where it is not negative.</summary>
    internal double Margin => MarginOf(Sums.Signed);

    /// <summary>Bounds the rounding error of <see cref="Margin"/>.</summary>
    internal double MarginRounding =>
        Rounding.OfBlockedSum(Weights.Length) * Sums.Magnitude + 2 * Rounding.Epsilon * Math.Abs(Threshold)
        + 4 * double.Epsilon; // Halves of subnormal numbers round by an absolute amount.

    /// <summary>Replaces the label weights by those of another test row.</summary>
    internal void Load(ReadOnlyMemory<double> weights)
    {
        if (weights.Length != Labels.Count)
            throw new ArgumentException($"There are {weights.Length} label weights, but {Labels.Count} labels.", nameof(weights));
        _weights = weights;
        SquareScale = 1;
        Sums = _kernels.SumWeights(Weights, Labels.Signs, SquareScale);
        if (!double.IsFinite(Sums.Magnitude))
            throw new ArgumentException("Label weights must be finite, and so must the sum of their magnitudes.", nameof(weights));
        if (Sums.Squares is < 1e-200 or > 1e200 && Sums.Magnitude > 0)
        {
            SquareScale = Math.ScaleB(1, -Math.Clamp(Math.ILogB(Sums.Magnitude), -1000, 1000));
            Sums = _kernels.SumWeights(Weights, Labels.Signs, SquareScale);
        }

        _movesLoaded.AsSpan().Clear();
    }

    /// <summary>
    /// How far each flip moves the score against <paramref name="prediction"/>, largest first: αⱼ for a label that agrees with the
    /// prediction, −αⱼ for one that does not.
    /// </summary>
    internal LargestFirst MovesAgainst(int prediction)
    {
        LargestFirst moves = _moves[prediction];
        if (!_movesLoaded[prediction])
        {
            Span<double> values = moves.Reset(Weights.Length);
            System.Numerics.Tensors.TensorPrimitives.Multiply(Weights, Labels.Signs, values);
            if (prediction == 0)
                System.Numerics.Tensors.TensorPrimitives.Negate<double>(values, values);
            _movesLoaded[prediction] = true;
        }

        return moves;
    }

    /// <summary>Whether no labelling of the training rows whatever changes the head's class, and so nor the smoothed one.</summary>
    internal bool IsUnanimous(out int prediction)
    {
        bool always1 = SignOfMargin(-Sums.Magnitude, j => Weights[j] < 0) >= 0;
        bool always0 = SignOfMargin(Sums.Magnitude, j => Weights[j] > 0) < 0;
        prediction = always1 ? 1 : 0;
        return always1 || always0;
    }

    internal ChernoffSums SumChernoff(double t, double logit) => _kernels.SumChernoff(Weights, Labels.Signs, t, logit);

    /// <summary>
    /// Σ αⱼ − τ over some rows, where <paramref name="signed"/> counts those rows as +αⱼ and the others as −αⱼ: half of Total + signed is
    /// their sum. Halved before they are added, they cannot overflow.
    /// </summary>
    private double MarginOf(double signed) => 0.5 * Sums.Total + 0.5 * signed - Threshold;

    /// <summary>The sign of <see cref="MarginOf"/>, for the rows that <paramref name="votes"/>, without rounding.</summary>
    private int SignOfMargin(double signed, Func<int, bool> votes)
    {
        double margin = MarginOf(signed);
        if (Math.Abs(margin) > MarginRounding)
            return Math.Sign(margin);

        var exact = new ExactSum();
        exact.Add(Threshold, -1);
        for (int j = 0; j < Weights.Length; j++)
        {
            if (votes(j))
                exact.Add(Weights[j]);
        }

        return exact.Sign();
    }
}
