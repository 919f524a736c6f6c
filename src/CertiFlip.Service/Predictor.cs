using System.Buffers;
using System.Threading.RateLimiting;
using CertiFlip.Data;

namespace CertiFlip.Service;

/// <summary>Certifies batches with one model, a few at a time.</summary>
internal sealed class Predictor : IDisposable
{
    private readonly Certifier _certifier;
    private readonly ConcurrencyLimiter _limiter;
    private readonly ClassList _classes;
    private readonly Dataset _training;
    private readonly ServiceOptions _options;
    private readonly RowShape _shape;

    public Predictor(TrainedModel model, ServiceOptions options)
    {
        (_classes, _training, _options) = (model.Labels.Classes, model.Training, options);
        Description = ModelDescription.Of(model, options);
        _shape = new RowShape(model.Training);

        // Requests that run at the same time share the processors.
        int threads = Math.Max(1, Environment.ProcessorCount / options.MaxConcurrent);
        var noise = new Noise(options.Noise, _classes.Count);
        _certifier = new Certifier(model.Head, model.Labels, new CertifierOptions { Noise = noise, Threads = threads });
        _limiter = new ConcurrencyLimiter(
            new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrent, QueueLimit = options.MaxQueued });
    }

    public ModelDescription Description { get; }

    /// <summary>
    /// Certifies a batch when its turn comes. It is parsed only then: the parsed rows take many times the memory.
    /// </summary>
    /// <param name="body">The request's body, whole.</param>
    /// <param name="cancellationToken">Stops waiting and work.</param>
    /// <returns>The answer, or null where too many are waiting.</returns>
    /// <exception cref="BadRequestException">It is no request, or its answer would be too long.</exception>
    /// <exception cref="HeadException">
    /// A row is so far from the training rows that it cannot be compared with them.
    /// </exception>
    public async Task<CertifyResponse?> TryCertify(ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        using RateLimitLease lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        return lease.IsAcquired
            ? await Task.Run(() => Certify(Read(body), cancellationToken), cancellationToken).ConfigureAwait(false)
            : null;
    }

    public void Dispose() => _limiter.Dispose();

    private CertifyRequest Read(ReadOnlySequence<byte> body) => CertifyRequest.Read(body, _shape, _options.MaxRows);

    private CertifyResponse Certify(CertifyRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<RowCertificates> rows = _certifier.CertifyBatch(request.Rows, cancellationToken: cancellationToken);
        var answers = new RowAnswer[rows.Count];
        int flips = 0;
        for (int row = 0; row < answers.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Witness? witness = request.Witness && _certifier.TryFindWitness(request.Rows.Row(row), out Witness? found) ? found : null;
            flips += witness?.Flips.Count ?? 0;
            if (flips > _options.MaxFlips)
            {
                throw new BadRequestException(
                    $"The witnesses of rows 0 to {row} have {flips} flips; expected at most {_options.MaxFlips} in one answer: "
                    + "send fewer rows, or leave \"witness\" out.",
                    413);
            }
            answers[row] = Answer(rows[row], witness);
        }

        return new CertifyResponse(_certifier.IsConditional, request.Remarks.Count > 0 ? request.Remarks : null, answers);
    }

    private RowAnswer Answer(RowCertificates row, Witness? witness)
    {
        Certificate tight = row[CertificateKind.Tight], exact = row.Exact;
        string[] assuming = [.. row.Certificates.Where(certificate => certificate.AssumesClasses)
            .Select(certificate => certificate.Kind.Name)];
        return new RowAnswer(
            _classes[tight.Prediction],
            tight.IsCertified,
            row.LogFailure,
            Math.Min(1, Math.Exp(row.LogFailure)),
            new VoteRadii(Number(row[CertificateKind.Kl]), Number(tight), Number(row[CertificateKind.Structured])),
            new ExactAnswer(_classes[exact.Prediction], Number(exact)),
            row.Certificates.Any(certificate => certificate.Radius.IsAny) ? RowAnswer.WhyNull : null,
            assuming.Length == 0 ? null : assuming,
            witness is null
                ? null
                : [.. witness.Flips.Select(flip => new FlipAnswer(_training.NumberOf(flip.Row), _classes[flip.From], _classes[flip.To]))]);
    }

    private static int? Number(Certificate certificate) => certificate.Radius.IsAny ? null : certificate.Radius.Budget;
}
