using CertiFlip.Certification;
using CertiFlip.Cli.Progress;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Certifying;

/// <summary>The path of the data: features and labels, head, label weights, certificates.</summary>
internal static class CertifyRun
{
    public static CertifyResult Execute(
        Dataset training, Dataset test, CertifyRequest request, IWorkProgress progress, CancellationToken cancellation)
    {
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels(training);
        int classes = encoding.Classes.Count;
        if (request.Noise >= (classes - 1.0) / classes)
            throw new UsageException($"--noise '{request.Noise}': expected a number strictly between 0 and {classes - 1}/{classes}, since {training.LabelSource} has {classes} classes.");

        test = ColumnAlignment.Align(training, test);
        int[] truth = test.HasLabels ? encoding.Encode(test) : [];
        var labels = new ClassLabels(encoding.Encode(training), classes);
        var noise = new Noise(request.Noise, classes);
        cancellation.ThrowIfCancellationRequested();

        progress.Report($"fitting a ridge head to {training.Features.Rows:N0} × {training.Features.Columns:N0} features");
        RidgeHead head = Named(training, () => RidgeHead.Fit(
            training.Features, request.Ridge.ToRule(labels, noise), request.Intercept, new ParallelOptions { MaxDegreeOfParallelism = request.Threads }));
        cancellation.ThrowIfCancellationRequested();

        var options = new CertifierOptions { Certificates = request.Certificates, Threads = request.Threads };
        var certifier = new Certifier(head, labels, noise, options);
        IProgress<int> rowsDone = progress.ReportRows("certifying", test.Features.Rows);
        IReadOnlyList<RowCertificates> rows = Named(test, () => certifier.CertifyBatch(test.Features, rowsDone, cancellation));

        CertifiedAccuracy[] curves = [.. request.Certificates.Select(kind => CertifiedAccuracy.Of(kind, rows, truth))];
        return new CertifyResult(request, training, test, encoding.Classes, truth, head, certifier, rows, curves);
    }

    /// <summary>The library knows no files: here a failure learns which one it is about.</summary>
    private static T Named<T>(Dataset data, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (HeadException exception)
        {
            throw new DataException($"{data.Source}: {exception.Message}", exception);
        }
    }
}
