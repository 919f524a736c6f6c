namespace CertiFlip;

/// <summary>
/// A head that knows what it would be without any one of its training rows: what its own labels are held against.
/// </summary>
public interface ILeaveOneOutHead : IHead
{
    /// <summary>
    /// Computes for a few training rows i the label weights α⁽⁻ⁱ⁾ by which the head that was fitted without row i would
    /// score that row. What is one number for the whole head, λ or a bandwidth, is held at what it is with row i. Safe
    /// to call from several threads at once.
    /// </summary>
    /// <param name="training">The training rows that the head was fitted to (n × k).</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="rowCount">The number of rows wanted.</param>
    /// <param name="weights">
    /// Receives rows of weights as <see cref="IHead.ComputeWeights"/> gives them; a row's weight of its own label is 0.
    /// </param>
    /// <param name="stride">At least n, rounded up to a multiple of 16.</param>
    /// <param name="errors">
    /// Receives for each of the rows a bound on Σⱼ|error of α⁽⁻ⁱ⁾ⱼ| against the weights of the head that is really
    /// fitted to the other rows, its own rounding included; infinity where nothing is known.
    /// </param>
    /// <exception cref="HeadException">Without a row there is no head.</exception>
    void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors);
}
