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
                $"{training.Source}: the labels have {encoding.Classes.Count} classes ({string.Join(", ", encoding.Classes.Take(3))}, …), but two are what can be certified. Keep the rows of two classes.");
        }

        test = ColumnAlignment.Align(training, test);
        int[] truth = test.HasLabels ? encoding.Encode(test) : [];
        var labels = new BinaryLabels(encoding.Encode(training));
        cancellation.ThrowIfCancellationRequested();

        try
        {
            progress.Report($"fitting a ridge head to {training.Features.Rows:N0} × {training.Features.Columns:N0} features");
            RidgeHead head = RidgeHead.Fit(training.Features, request.Ridge.ToRule(labels, request.Noise, request.Intercept), request.Intercept);
            cancellation.ThrowIfCancellationRequested();

            var options = new CertifierOptions { Certificates = request.Certificates, Threads = request.Threads };
            var certifier = new Certifier(head, labels, request.Noise, options);
            IProgress<int> rowsDone = progress.ReportRows("certifying", test.Features.Rows);
            IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(test.Features, rowsDone, cancellation);

            CertifiedAccuracy[] curves = [.. request.Certificates.Select(kind => CertifiedAccuracy.Of(kind, rows, truth))];
            return new CertifyResult(request, training, test, encoding.Classes, truth, head, certifier, rows, curves);
        }
        catch (HeadException exception)
        {
            throw new DataException($"{training.Source}: {exception.Message}", exception);
        }
    }
}
