using System.Diagnostics;
using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Benchmarks;

/// <summary>
/// Does what the NumPy baseline does, with its arguments, its timing (arrays in memory to radii in memory, in a fresh
/// process) and its output file, so that bars.py can hold one against the other; then again in the same process, where
/// everything is compiled. Any number of classes, and any certificates, for the other bars.
/// </summary>
internal static class NumpyTwin
{
    private const int Repetitions = 5;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var x, var y, var xt, var noise, var lambda, var output, .. var rest] || rest.Length > 3
            || rest is [_, _, not "again"])
        {
            Console.Error.WriteLine("usage: numpy-twin X.npy y.npy Xt.npy q lambda out.csv [threads [certificates [again]]]");
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
            Certificates = [.. (rest.Length > 1 ? rest[1] : "kl,tight").Split(',')
                .Select(name => CertificateKind.TryParse(name) ?? throw new ArgumentException($"There is no certificate {name}."))],
            Noise = q,
            Threads = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : Environment.ProcessorCount,
        };

        IReadOnlyList<RowCertificates> rows = [];
        TimeSpan first = Time(Certify);
        long inputs = sizeof(double) * ((long)training.Features.Rows + test.Features.Rows) * training.Features.Columns
            + sizeof(int) * (long)labels.Count;
        using var process = Process.GetCurrentProcess();
        long beyond = process.PeakWorkingSet64 - inputs;
        Console.WriteLine($"total {first.TotalSeconds:F3} s, {beyond / 1e6:F0} MB beyond the inputs");
        if (rest.Length == 3)
        {
            TimeSpan[] again = [.. Enumerable.Range(0, Repetitions).Select(_ => Time(Certify)).Order()];
            Console.WriteLine($"again {again[Repetitions / 2].TotalSeconds:F3} s");
        }

        using StreamWriter writer = File.CreateText(output);
        IEnumerable<string> columns = options.Certificates.Select(kind => $"radius_{kind}");
        writer.WriteLine($"prediction,log_failure,{string.Join(',', columns)}");
        foreach (RowCertificates row in rows)
        {
            IEnumerable<Radius> radii = options.Certificates.Select(kind => row[kind].Radius);
            writer.WriteLine($"{row.Certificates[0].Prediction},{row.LogFailure:R},{string.Join(',', radii)}");
        }

        return 0;

        void Certify() => rows = new Certifier(RidgeHead.Fit(training.Features, ridge, Intercept.None), labels, options)
            .CertifyBatch(test.Features);
    }

    private static TimeSpan Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    }
}
