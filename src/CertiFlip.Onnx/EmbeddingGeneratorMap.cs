using CertiFlip.Data;
using Microsoft.Extensions.AI;

namespace CertiFlip.Onnx;

/// <summary>
/// h, embeddings of any generator of Microsoft.Extensions.AI: of a service, or of a model on this machine.
/// </summary>
/// <param name="generator">
/// The generator. It must not have been trained on the labels being defended, and must give the same embedding of the
/// same input ever after: certificates hold for the embeddings that it gave.
/// </param>
/// <typeparam name="TInput">What is embedded, such as <see cref="string"/>.</typeparam>
public sealed class EmbeddingGeneratorMap<TInput>(IEmbeddingGenerator<TInput, Embedding<float>> generator)
{
    private const int Batch = 64;

    /// <summary>Maps inputs.</summary>
    /// <param name="inputs">n inputs, at least one.</param>
    /// <param name="progress">Is told how many more inputs are done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>n×k features, float32.</returns>
    /// <exception cref="DataException">
    /// The generator gave other than one embedding of the same length for each.
    /// </exception>
    /// <exception cref="ArgumentException">There are no inputs, or an embedding is not finite.</exception>
    public async Task<FeatureMatrix> TransformAsync(
        IReadOnlyList<TInput> inputs, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        List<float[]> rows = new(inputs.Count);
        foreach (TInput[] batch in inputs.Chunk(Batch))
        {
            GeneratedEmbeddings<Embedding<float>> made = await generator.GenerateAsync(batch, null, cancellationToken)
                .ConfigureAwait(false);
            rows.AddRange(made.Count == batch.Length ? made.Select(embedding => embedding.Vector.ToArray())
                : throw new DataException($"The generator gave {made.Count} embeddings for {batch.Length} inputs."));
            progress?.Report(batch.Length);
        }

        return FeatureMatrix.FromRows(rows);
    }
}
