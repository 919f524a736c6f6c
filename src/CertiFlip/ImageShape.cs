namespace CertiFlip;

/// <summary>How a row of numbers is an image: channel after channel, each row by row from the top.</summary>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="Channels">Numbers for each pixel: 1 for grey, 3 for colour.</param>
public sealed record ImageShape(int Height, int Width, int Channels = 1)
{
    /// <summary>The numbers that an image has.</summary>
    public int Numbers => checked(Height * Width * Channels);
}
