using System.Diagnostics;
using System.Globalization;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Benchmarks;

/// <summary>
/// Does what the NumPy baseline does, with its arguments, its timing (arrays in memory to radii in memory, in a fresh process) and its
/// output file, so that compare-numpy.sh can hold one against the other.
/// </summary>
internal static class NumpyTwin
{
    public static int Run(string[] arguments)
    {
        if (arguments is not [var x, var y, var xt, var noise, var lambda, var output, .. var rest])
        {
            Console.Error.WriteLine("usage: numpy-twin X.npy y.npy Xt.npy q lambda out.csv [threads]");
            return 2;
        }

        Dataset training = DatasetReader.Read(x).WithLabels(LabelReader.Read(y), y);
        Dataset test = DatasetReader.Read(xt);
        var labels = new ClassLabels(LabelEncoding.FromTrainingLabels(training).Encode(training), classCount: 2);
        var q = new Noise(double.Parse(noise, CultureInfo.InvariantCulture));
        var ridge = new FixedRidge(double.Parse(lambda, CultureInfo.InvariantCulture));
        int threads = rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        var options = new CertifierOptions { Certificates = [CertificateKind.Kl, CertificateKind.Tight], Threads = threads };

        long start = Stopwatch.GetTimestamp();
        RidgeHead head = RidgeHead.Fit(training.Features, ridge, Intercept.None);
        TimeSpan factorised = Stopwatch.GetElapsedTime(start);
        IReadOnlyList<RowCertificates> rows = new Certifier(head, labels, q, options).CertifyBatch(test.Features);
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"factorise {factorised.TotalSeconds:F3} certify {(total - factorised).TotalSeconds:F3} total {total.TotalSeconds:F3} s");

        using StreamWriter writer = File.CreateText(output);
        writer.WriteLine("prediction,log_failure,radius_kl,radius_tight");
        foreach (RowCertificates row in rows)
            writer.WriteLine($"{row.Prediction},{row.LogFailure:R},{row[CertificateKind.Kl].Radius},{row[CertificateKind.Tight].Radius}");
        return 0;
    }
}
