using System.Diagnostics;
using System.Globalization;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Benchmarks;

/// <summary>
/// Does what the NumPy baseline does, with its arguments, its timing (arrays in memory to radii in memory, in a fresh process) and its
/// output file, so that bars.py can hold one against the other. Any number of classes, and any certificates, for the other bars.
/// </summary>
internal static class NumpyTwin
{
    public static int Run(string[] arguments)
    {
        if (arguments is not [var x, var y, var xt, var noise, var lambda, var output, .. var rest] || rest.Length > 2)
        {
            Console.Error.WriteLine("usage: numpy-twin X.npy y.npy Xt.npy q lambda out.csv [threads [certificates]]");
            return 2;
        }

        Dataset training = DatasetReader.Read(x).WithLabels(LabelReader.Read(y), y);
        Dataset test = DatasetReader.Read(xt);
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels(training);
        var labels = new ClassLabels(encoding.Encode(training), encoding.Classes.Count);
        var q = new Noise(double.Parse(noise, CultureInfo.InvariantCulture), labels.ClassCount);
        var ridge = new FixedRidge(double.Parse(lambda, CultureInfo.InvariantCulture));
        var options = new CertifierOptions
        {
            Certificates = [.. (rest.Length == 2 ? rest[1] : "kl,tight").Split(',').Select(name => Enum.Parse<CertificateKind>(name, ignoreCase: true))],
            Threads = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount,
        };

        long start = Stopwatch.GetTimestamp();
        RidgeHead head = RidgeHead.Fit(training.Features, ridge, Intercept.None);
        TimeSpan factorised = Stopwatch.GetElapsedTime(start);
        IReadOnlyList<RowCertificates> rows = new Certifier(head, labels, q, options).CertifyBatch(test.Features);
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        long inputs = sizeof(double) * ((long)training.Features.Rows + test.Features.Rows) * training.Features.Columns + sizeof(int) * (long)labels.Count;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"factorise {factorised.TotalSeconds:F3} certify {(total - factorised).TotalSeconds:F3} total {total.TotalSeconds:F3} s, {(process.PeakWorkingSet64 - inputs) / 1e6:F0} MB beyond the inputs");

        using StreamWriter writer = File.CreateText(output);
        writer.WriteLine($"prediction,log_failure,{string.Join(',', options.Certificates.Select(kind => $"radius_{kind.ToString().ToLowerInvariant()}"))}");
        foreach (RowCertificates row in rows)
            writer.WriteLine($"{row.Prediction},{row.LogFailure:R},{string.Join(',', options.Certificates.Select(kind => row[kind].Radius))}");
        return 0;
    }
}
