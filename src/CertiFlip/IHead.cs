namespace CertiFlip;

/// <summary>
/// A classifier that is linear in its training labels: for every test row it gives the n weights α by which the score
/// αᵀy is made (12). It is fitted on features alone and never sees a label, which is what makes certificates hold;
/// where something of it, such as the paper's λ, was computed from labels all the same, it says so.
/// </summary>
public interface IHead
{
    /// <summary>Number of training rows, n.</summary>
    int TrainingRows { get; }

    /// <summary>Number of features of a row, k.</summary>
    int Features { get; }

    /// <summary>
    /// Whether anything of the head was computed from the training labels: certificates then hold only for a head that
    /// is held fixed.
    /// </summary>
    bool DependsOnLabels { get; }

    /// <summary>
    /// How two classes are decided: by the paper's ½, or by the larger score where weights do not sum to 1.
    /// </summary>
    TwoClassRule TwoClassRule { get; }

    /// <summary>Computes the label weights of a few test rows. Safe to call from several threads at once.</summary>
    /// <remarks>The weights of a row must not depend on which other rows are asked for with it.</remarks>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="rowCount">The number of rows wanted.</param>
    /// <param name="weights">
    /// Receives rowCount rows of weights, each <paramref name="stride"/> after the one before; the first n numbers of
    /// each count. Its length is at least stride times rowCount rounded up to a multiple of 4.
    /// </param>
    /// <param name="stride">At least n, rounded up to a multiple of 16.</param>
    /// <exception cref="ArgumentException">There is less room than that.</exception>
    void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride);
}
