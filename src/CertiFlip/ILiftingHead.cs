namespace CertiFlip;

/// <summary>
/// A head whose weights do not sum to 1, and which knows for each test row by how much a class's score should rise with
/// its share of the training rows. Where the shares of the classes are stated (<see cref="ClassList.WithShares"/>),
/// class c is decided by S_c + share_c·lift.
/// </summary>
/// <remarks>A lift is a function of features alone, as weights are: no flip moves it.</remarks>
public interface ILiftingHead : ILeaveOneOutHead
{
    /// <summary>Computes label weights as <see cref="IHead.ComputeWeights"/> does, and lifts.</summary>
    /// <inheritdoc cref="IHead.ComputeWeights"/>
    /// <param name="tests"><inheritdoc/></param>
    /// <param name="firstRow"><inheritdoc/></param>
    /// <param name="rowCount"><inheritdoc/></param>
    /// <param name="weights"><inheritdoc/></param>
    /// <param name="stride"><inheritdoc/></param>
    /// <param name="lifts">Receives the lift of each of the rows.</param>
    void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> lifts);

    /// <summary>
    /// Computes label weights without a row as <see cref="ILeaveOneOutHead.ComputeLeaveOneOutWeights"/> does, and
    /// lifts.
    /// </summary>
    /// <inheritdoc cref="ILeaveOneOutHead.ComputeLeaveOneOutWeights"/>
    /// <param name="training"><inheritdoc/></param>
    /// <param name="firstRow"><inheritdoc/></param>
    /// <param name="rowCount"><inheritdoc/></param>
    /// <param name="weights"><inheritdoc/></param>
    /// <param name="stride"><inheritdoc/></param>
    /// <param name="errors">
    /// Receives for each of the rows a bound on Σⱼ|error of α⁽⁻ⁱ⁾ⱼ| + |error of the lift|; infinity where nothing is
    /// known.
    /// </param>
    /// <param name="lifts">Receives the lift of each of the rows.</param>
    void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts);
}

/// <summary>Weights and lifts where shares are stated, and weights alone elsewhere.</summary>
internal static class LiftingHead
{
    /// <summary>What there is to say where <see cref="Knows"/> is false.</summary>
    public const string Refusal =
        "Shares of classes are for a head that lifts scores by them, as saturated-ridge does; this one does not.";

    /// <summary>Whether the head knows what to do with the shares of the classes, if there are any.</summary>
    public static bool Knows(IHead head, ClassList classes) =>
        classes.Shares.Count == 0 || head is ILiftingHead { TwoClassRule: TwoClassRule.LargestScore };

    /// <summary>Computes weights, and lifts where there is room for them.</summary>
    public static void Compute(
        this IHead head, FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> lifts)
    {
        if (lifts.IsEmpty)
            head.ComputeWeights(tests, firstRow, rowCount, weights, stride);
        else
            ((ILiftingHead)head).ComputeWeights(tests, firstRow, rowCount, weights, stride, lifts);
    }

    /// <summary>The same without a row.</summary>
    public static void ComputeLeftOut(
        this ILeaveOneOutHead head, FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride,
        Span<double> errors, Span<double> lifts)
    {
        if (lifts.IsEmpty)
            head.ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors);
        else
            ((ILiftingHead)head).ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors, lifts);
    }
}
