using CertiFlip.Data;

namespace CertiFlip.Hosting;

/// <summary>
/// A model that is served, as one file held it. It never changes; a file that replaces it is another.
/// </summary>
public sealed class LoadedModel
{
    private const double DefaultNoise = 0.1;
    private const int IdLength = 16;

    private readonly ClassList _classes;
    private readonly int _maxFlips;

    /// <exception cref="DataException">It cannot be certified with the noise that the options ask for.</exception>
    internal LoadedModel(TrainedModel model, string checksum, CertiFlipOptions options)
    {
        (Model, Id, _classes, _maxFlips) = (model, checksum[..IdLength], model.Labels.Classes, options.MaxFlips);
        double q = model.Noise ?? options.Noise ?? DefaultNoise;
        if (options.Noise is { } wanted && wanted != q)
        {
            throw new DataException(
                $"{model.Training.Source}: its λ was computed for the noise {q}, but the options ask for {wanted}; "
                    + "leave the noise out, or train again.");
        }

        if (q >= (_classes.Count - 1.0) / _classes.Count)
        {
            throw new DataException(
                $"{model.Training.Source}: it has {_classes.Count} classes, which need a noise below "
                    + $"{_classes.Count - 1}/{_classes.Count}, but the noise is {q}.");
        }

        Description = ModelDescription.Of(this, q, options);
        Shape = new RowShape(model.Training);

        // Requests that run at the same time share the processors.
        int threads = Math.Max(1, Environment.ProcessorCount / options.MaxConcurrent);
        var noise = new Noise(q, _classes.Count);
        Certifier = new Certifier(model.Head, model.Labels, new CertifierOptions { Noise = noise, Threads = threads });
    }

    /// <summary>
    /// Names it in answers, logs and health checks: the first 16 digits of the checksum that its file ends with.
    /// </summary>
    public string Id { get; }

    /// <summary>When it was loaded.</summary>
    public DateTimeOffset LoadedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>The head, with its training data.</summary>
    public TrainedModel Model { get; }

    /// <summary>Certifies with it, for endpoints of your own.</summary>
    public Certifier Certifier { get; }

    internal ModelDescription Description { get; }

    internal RowShape Shape { get; }

    internal CertifyResponse Certify(CertifyRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<RowCertificates> rows = Certifier.CertifyBatch(request.Rows, cancellationToken: cancellationToken);
        var answers = new RowAnswer[rows.Count];
        int flips = 0;
        for (int row = 0; row < answers.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Witness? witness = request.Witness && Certifier.TryFindWitness(request.Rows.Row(row), out Witness? found) ? found : null;
            flips += witness?.Flips.Count ?? 0;
            if (flips > _maxFlips)
            {
                throw new BadRequestException(
                    $"The witnesses of rows 0 to {row} have {flips} flips; expected at most {_maxFlips} in one answer: "
                    + "send fewer rows, or leave \"witness\" out.",
                    413);
            }
            answers[row] = Answer(rows[row], witness);
        }

        return new CertifyResponse(Id, Certifier.IsConditional, request.Remarks.Count > 0 ? request.Remarks : null, answers);
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
            Math.Min(1, Arithmetic.Exp(row.LogFailure)),
            new VoteRadii(Number(row[CertificateKind.Kl]), Number(tight), Number(row[CertificateKind.Structured])),
            new ExactAnswer(_classes[exact.Prediction], Number(exact)),
            row.Certificates.Any(certificate => certificate.Radius.IsAny) ? RowAnswer.WhyNull : null,
            assuming.Length == 0 ? null : assuming,
            witness is null
                ? null
                : [.. witness.Flips.Select(flip =>
                    new FlipAnswer(Model.Training.NumberOf(flip.Row), _classes[flip.From], _classes[flip.To]))]);
    }

    private static int? Number(Certificate certificate) => certificate.Radius.IsAny ? null : certificate.Radius.Budget;
}
