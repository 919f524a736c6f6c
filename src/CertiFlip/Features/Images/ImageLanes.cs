using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>16 images side by side: a vector holds the same number of each.</summary>
/// <remarks>
/// No image meets another before derivatives are summed, so where a register has fewer lanes, .NET takes several
/// registers and the bits stay the same.
/// </remarks>
internal static class ImageLanes
{
    public const int Count = 16;

    /// <summary>The sum over images, always in the same order.</summary>
    public static float Sum(Vector512<float> value)
    {
        Vector256<float> eight = value.GetLower() + value.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>Reads rows of a matrix into lanes; lanes without a row get zeros.</summary>
    public static void Load(FeatureMatrix images, ReadOnlySpan<int> rows, Span<Vector512<float>> lanes)
    {
        lanes.Clear();
        Span<float> numbers = MemoryMarshal.Cast<Vector512<float>, float>(lanes);
        for (int lane = 0; lane < rows.Length; lane++)
        {
            ReadOnlySpan<double> image = images.Row(rows[lane]);
            for (int i = 0; i < image.Length; i++)
                numbers[i * Count + lane] = (float)image[i];
        }
    }
}
