namespace CertiFlip.Certificates;

/// <summary>A prediction for one test row, with the number of label flips that provably cannot change it.</summary>
/// <param name="Kind">How it was proved.</param>
/// <param name="Prediction">The class, from 0 to K − 1: of the smoothed classifier, or of the head for <see cref="CertificateKind.Exact"/>.</param>
/// <param name="Radius">The number of training labels, 0 … n, that can be flipped in any way without changing the prediction.</param>
/// <param name="IsCertified">
/// Whether the prediction is proved to be the classifier's own. Where it is not, the radius is 0 and claims nothing.
/// </param>
public readonly record struct Certificate(CertificateKind Kind, int Prediction, int Radius, bool IsCertified);
