using System.Globalization;
using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Isolation;

/// <summary>What certifying one fixed batch gives, in a form that can be carried from one process to another.</summary>
internal sealed record NumbersSnapshot(double LogFailure, string Radii)
{
    public static IReadOnlyList<NumbersSnapshot> Take(CancellationToken cancellation)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(500, 7, seed: 50);
        FeatureMatrix tests = SomeFeatures.Generic(20, 7, seed: 52);
        var certifier = new Certifier(RidgeHead.Fit(features), new ClassLabels(labels, 2), new CertifierOptions { Noise = new Noise(0.2) });
        return [.. certifier.CertifyBatch(tests, cancellationToken: cancellation).Select(Of)];
    }

    public static NumbersSnapshot Parse(string line)
    {
        string[] parts = line.Split('|');
        return new(double.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogFailure:R}|{Radii}");

    private static NumbersSnapshot Of(RowCertificates row) =>
        new(row.LogFailure, string.Join(
            ", ", row.Certificates.Select(certificate => $"{certificate.Kind} {certificate.Prediction} {certificate.Radius}")));
}
