namespace CertiFlip.Poisoning;

/// <summary>What is proved of a head's predictions where whole rows may be inserted, removed or changed.</summary>
internal interface IRowBounds
{
    /// <summary>Certifies the prediction for one test row. Safe to call from several threads at once.</summary>
    /// <param name="tests">Test rows (m × k), of as many columns as the training rows.</param>
    /// <param name="row">Which of them.</param>
    /// <exception cref="HeadException">The row is so far from the training rows that numbers overflow.</exception>
    Certificate Certify(FeatureMatrix tests, int row);
}
