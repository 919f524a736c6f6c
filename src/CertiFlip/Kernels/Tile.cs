namespace CertiFlip.Kernels;

/// <summary>The shape of the tile that <see cref="TileKernel{TLanes,TVector}"/> computes.</summary>
internal static class Tile
{
    /// <summary>Columns of the left factor: two of the widest registers.</summary>
    public const int Width = 16;

    /// <summary>Columns of the right factor.</summary>
    public const int Height = 4;

    /// <summary>The least multiple of <see cref="Width"/> that is not below <paramref name="count"/>.</summary>
    public static int PadWidth(int count) => checked((count + Width - 1) / Width * Width);

    /// <summary>The least multiple of <see cref="Height"/> that is not below <paramref name="count"/>.</summary>
    public static int PadHeight(int count) => checked((count + Height - 1) / Height * Height);
}
