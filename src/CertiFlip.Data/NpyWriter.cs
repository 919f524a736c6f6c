using System.Runtime.InteropServices;
using System.Text;

namespace CertiFlip.Data;

/// <summary>Writes features as a .npy file of 64-bit numbers.</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    /// <summary>Writes a matrix: NumPy's format 1.0, little-endian, row by row.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="features">n × k numbers.</param>
    public static void Write(Stream stream, FeatureMatrix features)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(features);
        string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({features.Rows}, {features.Columns}), }}";

        // Magic, version and length take 10 bytes; with blanks and a new line the numbers begin at a multiple of 64.
        int length = (10 + header.Length + Alignment) / Alignment * Alignment - 10;
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)(length & 0xFF), (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        double[] numbers = new double[features.Columns];
        for (int row = 0; row < features.Rows; row++)
        {
            features.CopyRow(row, numbers);
            stream.Write(MemoryMarshal.AsBytes<double>(numbers));
        }
    }
}
