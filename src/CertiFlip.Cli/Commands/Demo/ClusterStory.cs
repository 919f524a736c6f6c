using System.Globalization;
using CertiFlip.Cli.Methods;
using CertiFlip.Features;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Demo;

/// <summary>The same digits as clusters of unlabelled rows, with label weights of one size: what docs/record.md explains.</summary>
internal static class ClusterStory
{
    private const double Ridge = 0.01;

    public static string Tell(Problem problem, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        (SpectralFeatures map, FeatureMatrix training) = SpectralFeatures.FitTransform(problem.Training.Features, parallel: parallel);
        var head = SaturatedRidgeHead.Fit(training, new RelativeRidge(Ridge), parallel: parallel);
        var certifier = new Certifier(head, problem.Labels, new Noise(0.1, problem.Classes.Count), new CertifierOptions { Certificates = [CertificateKind.Exact] });
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(map.Transform(problem.Test.Features, parallel), cancellation: cancellation);
        CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Exact, rows, problem.Truth);
        return string.Create(CultureInfo.InvariantCulture, $"As {map.Features} spectral features, under a head whose label weights are all of one size, {100 * accuracy.Accuracy:F1} % are right, and the median row survives any {accuracy.MedianRadius:0.#} wrong labels: see docs/record.md.");
    }
}
