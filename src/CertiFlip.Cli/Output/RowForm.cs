using System.Runtime.InteropServices;

namespace CertiFlip.Cli.Output;

/// <summary>How one row of a step is written to a part of a plan, and read.</summary>
/// <param name="Write">Writes it.</param>
/// <param name="Read">
/// Reads what was written; an <see cref="InvalidDataException"/> or an <see cref="EndOfStreamException"/> says that it
/// is something else.
/// </param>
internal sealed record RowForm<T>(Action<BinaryWriter, T> Write, Func<BinaryReader, T> Read);

/// <summary>The forms of rows that several commands have.</summary>
internal static class RowForm
{
    private const byte Certified = 1, Assumes = 2, HasLogs = 1;

    /// <summary>What is proved about a row.</summary>
    /// <param name="kinds">The certificates of every row, in their order.</param>
    /// <param name="classes">K.</param>
    public static RowForm<RowCertificates> Certificates(IReadOnlyList<CertificateKind> kinds, int classes) => new(
        (writer, row) =>
        {
            foreach (Certificate one in row.Certificates)
            {
                writer.Write7BitEncodedInt(one.Prediction + 1);
                writer.Write(Number(one.Radius));
                writer.Write((byte)((one.IsCertified ? Certified : 0) | (one.AssumesClasses ? Assumes : 0)));
            }

            bool hasLogs = !double.IsNaN(row.LogFailure) || !double.IsNaN(row.LogChange);
            writer.Write(hasLogs ? HasLogs : (byte)0);
            if (hasLogs)
            {
                writer.Write(row.LogFailure);
                writer.Write(row.LogChange);
            }
        },
        reader =>
        {
            var certificates = new Certificate[kinds.Count];
            for (int i = 0; i < certificates.Length; i++)
            {
                int prediction = Within(reader.Read7BitEncodedInt(), 0, classes) - 1;
                Radius radius = RadiusOf(reader.ReadInt32());
                int flags = Within(reader.ReadByte(), 0, Certified | Assumes);
                certificates[i] = new Certificate(kinds[i], prediction, radius, (flags & Certified) != 0)
                {
                    AssumesClasses = (flags & Assumes) != 0,
                };
            }

            return Within(reader.ReadByte(), 0, HasLogs) == 0
                ? new RowCertificates(certificates)
                : new RowCertificates(certificates, reader.ReadDouble()) { LogChange = reader.ReadDouble() };
        });

    /// <summary>A radius as a number.</summary>
    public static int Number(Radius radius) => radius.IsAny ? -1 : radius.Budget;

    /// <summary>The radius of a number.</summary>
    /// <exception cref="InvalidDataException">It is that of none.</exception>
    public static Radius RadiusOf(int number) => Within(number, -1, int.MaxValue - 1) < 0 ? Radius.Any : Radius.Of(number);

    /// <summary>As many finite numbers.</summary>
    /// <param name="count">How many.</param>
    public static RowForm<double[]> Numbers(int count) => new(
        (writer, row) => writer.Write(MemoryMarshal.AsBytes<double>(row)),
        reader =>
        {
            double[] row = new double[count];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(row.AsSpan()));
            return Array.TrueForAll(row, double.IsFinite) ? row : throw new InvalidDataException("a number is not finite");
        });

    /// <summary>A number that was read, where it is one that can have been written.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static int Within(int number, int least, int most) =>
        number >= least && number <= most ? number : throw new InvalidDataException($"{number} is not from {least} to {most}");
}
