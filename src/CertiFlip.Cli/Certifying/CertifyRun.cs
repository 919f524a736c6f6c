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
        if (encoding.Classes.Count > 2)
        {
            throw new DataException(
                $"{training.LabelSource}: the labels have {encoding.Classes.Count} classes ({string.Join(", ", encoding.Classes.Take(3))}{(encoding.Classes.Count > 3 ? ", …" : "")}), but two are what can be certified. Keep the rows of two classes.");
        }

        test = ColumnAlignment.Align(training, test);
        int[] truth = test.HasLabels ? encoding.Encode(test) : [];
        var labels = new BinaryLabels(encoding.Encode(training));
        cancellation.ThrowIfCancellationRequested();

        progress.Report($"fitting a ridge head to {training.Features.Rows:N0} × {training.Features.Columns:N0} features");
        RidgeHead head = Named(training, () => RidgeHead.Fit(
            training.Features, request.Ridge.ToRule(labels, request.Noise), request.Intercept, new ParallelOptions { MaxDegreeOfParallelism = request.Threads }));
        cancellation.ThrowIfCancellationRequested();

        var options = new CertifierOptions { Certificates = request.Certificates, Threads = request.Threads };
        var certifier = new Certifier(head, labels, request.Noise, options);
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
