using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Features.Spectral;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>The same digits as clusters of unlabelled rows, with label weights of one size: what docs/record.md explains.</summary>
internal static class ClusterStory
{
    private const double Ridge = 0.01;

    public static string Tell(RunData data, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        (SpectralFeatures map, FeatureMatrix training) = SpectralFeatures.FitTransform(data.Training.Features, parallel: parallel);
        var head = SaturatedRidgeHead.Fit(training, new RelativeRidge(Ridge), parallel: parallel);
        var certifier = new Certifier(head, data.Labels, new Noise(0.1, data.Classes.Count), new CertifierOptions { Certificates = [CertificateKind.Exact] });
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(map.Transform(data.Test.Features, parallel), cancellation: cancellation);
        CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Exact, rows, data.Truth);
        return string.Create(CultureInfo.InvariantCulture, $"As {map.Features} spectral features, under a head whose label weights are all of one size, {100 * accuracy.Accuracy:F1} % are right, and the median row survives any {accuracy.MedianRadius:0.#} wrong labels: see docs/record.md.");
    }
}
