using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>Cross-entropy of softmax probabilities, one class for each of 16 images.</summary>
internal static class SoftmaxLoss
{
    /// <summary>The derivatives of the mean loss of a batch by scores.</summary>
    /// <param name="scores">A score for each class.</param>
    /// <param name="classes">The classes of up to 16 images; further lanes get derivatives of 0.</param>
    /// <param name="batchSize">Images of the batch.</param>
    /// <param name="gradient">Receives a derivative for each class.</param>
    public static void Gradient(
        ReadOnlySpan<Vector512<float>> scores, ReadOnlySpan<int> classes, int batchSize, Span<Vector512<float>> gradient)
    {
        Vector512<float> largest = scores[0], sum = default;
        foreach (Vector512<float> score in scores)
            largest = Vector512.Max(largest, score);
        for (int c = 0; c < scores.Length; c++)
        {
            gradient[c] = Vector512.Exp(scores[c] - largest);
            sum += gradient[c];
        }

        Vector512<float> share =
            Vector512.Create(1f / batchSize) & Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)classes.Length));
        for (int c = 0; c < scores.Length; c++)
            gradient[c] = gradient[c] / sum * share;
        for (int image = 0; image < classes.Length; image++)
        {
            ref Vector512<float> slope = ref gradient[classes[image]];
            slope = slope.WithElement(image, slope[image] - 1f / batchSize);
        }
    }
}
