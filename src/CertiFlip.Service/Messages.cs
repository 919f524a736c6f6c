using System.Text.Json.Serialization;

namespace CertiFlip.Service;

/// <summary>Answers to a batch of rows, in their order.</summary>
internal sealed record CertifyResponse(bool ConditionalOnLambda, IReadOnlyList<RowAnswer> Rows);

/// <summary>What is proved of one row: the smoothed vote's prediction and radii, and those of the head itself.</summary>
/// <param name="Prediction">The smoothed vote's class.</param>
/// <param name="Certified">Whether it is proved to be that.</param>
/// <param name="LogFailure">An upper bound on log B; "-Infinity" where every labelling agrees.</param>
/// <param name="FailureProbability">Its exponential, at most 1.</param>
/// <param name="Radii">The radii of the vote.</param>
/// <param name="Exact">The head's own.</param>
/// <param name="Witness">Where it was asked for and there is one: labels to flip.</param>
internal sealed record RowAnswer(
    string Prediction,
    bool Certified,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double LogFailure,
    double FailureProbability,
    VoteRadii Radii,
    ExactAnswer Exact,
    IReadOnlyList<FlipAnswer>? Witness);

/// <summary>Radii of the smoothed vote.</summary>
internal sealed record VoteRadii(int Kl, int Tight, int Structured);

/// <summary>The head's class, and how many wrong labels it survives.</summary>
internal sealed record ExactAnswer(string Prediction, int Radius);

/// <summary>A training label to flip.</summary>
internal sealed record FlipAnswer(int Row, string From, string To);
