using System.Threading.RateLimiting;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Data;
using CertiFlip.Data.Models;
using CertiFlip.Service.Messages;

namespace CertiFlip.Service;

/// <summary>Certifies batches with one model, a few at a time.</summary>
internal sealed class Predictor : IDisposable
{
    private readonly Certifier _certifier;
    private readonly ConcurrencyLimiter _limiter;
    private readonly IReadOnlyList<string> _classes;

    public Predictor(TrainedModel model, ServiceOptions options)
    {
        var encoding = LabelEncoding.FromTrainingLabels(model.Training);
        _classes = encoding.Classes;
        Description = ModelDescription.Of(model, _classes, options);

        // Processors are shared among the requests that run at a time.
        int threads = Math.Max(1, Environment.ProcessorCount / options.MaxConcurrent);
        _certifier = new Certifier(
            model.Head, new ClassLabels(encoding.Encode(model.Training), _classes.Count), new Noise(options.Noise, _classes.Count), new CertifierOptions { Threads = threads });
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrent, QueueLimit = options.MaxQueued });
    }

    public ModelDescription Description { get; }

    /// <summary>Certifies a batch, once it is its turn.</summary>
    /// <returns>The answer, or null where too many are waiting.</returns>
    /// <exception cref="Heads.HeadException">A row is so far from the training rows that it cannot be weighed.</exception>
    public async Task<CertifyResponse?> TryCertify(CertifyRequest request, CancellationToken cancellation)
    {
        using RateLimitLease lease = await _limiter.AcquireAsync(1, cancellation).ConfigureAwait(false);
        return lease.IsAcquired ? await Task.Run(() => Certify(request, cancellation), cancellation).ConfigureAwait(false) : null;
    }

    public void Dispose() => _limiter.Dispose();

    private CertifyResponse Certify(CertifyRequest request, CancellationToken cancellation)
    {
        IReadOnlyList<RowCertificates> rows = _certifier.CertifyBatch(request.Rows, cancellation: cancellation);
        var answers = new RowAnswer[rows.Count];
        for (int row = 0; row < answers.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            answers[row] = Answer(rows[row], request.Witness && _certifier.TryFindWitness(request.Rows.Row(row), out Witness? witness) ? witness : null);
        }

        return new CertifyResponse(_certifier.IsConditional, answers);
    }

    private RowAnswer Answer(RowCertificates row, Witness? witness)
    {
        Certificate tight = row[CertificateKind.Tight], exact = row[CertificateKind.Exact];
        return new RowAnswer(
            _classes[row.Prediction],
            tight.IsCertified,
            row.LogFailure,
            Math.Min(1, Math.Exp(row.LogFailure)),
            new VoteRadii(row[CertificateKind.Kl].Radius, tight.Radius, row[CertificateKind.Structured].Radius),
            new ExactAnswer(_classes[exact.Prediction], exact.Radius),
            witness is null ? null : [.. witness.Flips.Select(flip => new FlipAnswer(flip.Row, _classes[flip.From], _classes[flip.To]))]);
    }
}
